internal import AlbertBytes

/// Builds a sorted table as TensorFlow's builder does, so that the same entries give the same bytes
/// (tensorflow/core/lib/io/table_builder.cc).
struct SortedTableWriter {
  private var bytes: [UInt8] = []
  private var block = SortedTableBlockWriter(restartInterval: 16)
  /// A full key for each block makes the index a binary search.
  private var index = SortedTableBlockWriter(restartInterval: 1)
  /// The block that is written but not yet in the index, which waits for the key after it.
  private var pending: SortedTable.Handle?
  private var last: [UInt8] = []

  /// Bytes from which on a block is full (tensorflow/core/lib/io/table_options.h, `block_size`).
  static let blockSize = 1 << 18

  /// Adds an entry, whose key exceeds all before it.
  mutating func add(_ key: [UInt8], _ value: [UInt8]) {
    if let pending {
      index.add(Self.separator(last, key), Self.encoded(pending))
      self.pending = nil
    }
    last = key
    block.add(key, value)
    if block.size >= Self.blockSize { flush() }
  }

  /// Ends the table, and gives its bytes.
  mutating func finish() -> [UInt8] {
    flush()
    let metaindex = write(SortedTableBlockWriter(restartInterval: 16))
    if let pending { index.add(Self.successor(last), Self.encoded(pending)) }
    let index = write(index)
    let handles = Self.encoded(metaindex) + Self.encoded(index)
    let padding = SortedTable.footerSize - 8 - handles.count
    bytes += handles + [UInt8](repeating: 0, count: padding)
    bytes.append(littleEndian: SortedTable.magic, count: 8)
    return bytes
  }

  private mutating func flush() {
    guard !block.isEmpty else { return }
    pending = write(block)
    block = SortedTableBlockWriter(restartInterval: 16)
  }

  /// Writes a block and its trailer: no compression, and the checksum over both.
  private mutating func write(_ block: SortedTableBlockWriter) -> SortedTable.Handle {
    let content = block.content
    let handle = SortedTable.Handle(offset: bytes.count, size: content.count)
    let covered = content + [0]
    bytes += covered
    bytes.append(littleEndian: UInt64(CRC32C.of(covered).masked), count: 4)
    return handle
  }

  private static func encoded(_ handle: SortedTable.Handle) -> [UInt8] {
    var writer = ProtobufWriter()
    writer.varint(handle.offset)
    writer.varint(handle.size)
    return writer.bytes
  }

  /// A short key that is not below `last` and below `next`.
  private static func separator(_ last: [UInt8], _ next: [UInt8]) -> [UInt8] {
    let shared = zip(last, next).prefix { $0 == $1 }.count
    guard shared < min(last.count, next.count), last[shared] < 0xFF,
      last[shared] + 1 < next[shared]
    else { return last }
    return last[..<shared] + [last[shared] + 1]
  }

  /// A short key that is not below `last`.
  private static func successor(_ last: [UInt8]) -> [UInt8] {
    guard let place = last.firstIndex(where: { $0 != 0xFF }) else { return last }
    return last[..<place] + [last[place] + 1]
  }
}

/// Builds one block of a sorted table.
struct SortedTableBlockWriter {
  private var bytes: [UInt8] = []
  private var restarts = [0]
  private var sinceRestart = 0
  private var last: [UInt8] = []
  private let restartInterval: Int

  /// A block in which every so many keys are written in full.
  init(restartInterval: Int) {
    self.restartInterval = restartInterval
  }

  /// Whether it has no entry.
  var isEmpty: Bool { bytes.isEmpty }

  /// The size that its content has so far.
  var size: Int { bytes.count + 4 * restarts.count + 4 }

  /// The entries and the restart points.
  var content: [UInt8] {
    var content = bytes
    for number in restarts + [restarts.count] {
      content.append(littleEndian: UInt64(number), count: 4)
    }
    return content
  }

  /// Adds an entry, whose key exceeds all before it.
  mutating func add(_ key: [UInt8], _ value: [UInt8]) {
    var shared = 0
    if sinceRestart < restartInterval {
      shared = zip(last, key).prefix { $0 == $1 }.count
    } else {
      restarts.append(bytes.count)
      sinceRestart = 0
    }
    var lengths = ProtobufWriter()
    lengths.varint(shared)
    lengths.varint(key.count - shared)
    lengths.varint(value.count)
    bytes += lengths.bytes + key[shared...] + value
    last = key
    sinceRestart += 1
  }
}
