import AlbertBytes

/// Protobuf's wire format, for messages that no library would write.
enum Wire {
  static func varint(_ value: Int) -> [UInt8] {
    var rest = UInt64(bitPattern: Int64(value))
    var bytes: [UInt8] = []
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }

  static func number(_ field: Int, _ value: Int) -> [UInt8] { varint(field << 3) + varint(value) }

  static func bytes(_ field: Int, _ value: [UInt8]) -> [UInt8] {
    varint(field << 3 | 2) + varint(value.count) + value
  }

  static func fixed32(_ field: Int, _ value: UInt32) -> [UInt8] {
    varint(field << 3 | 5) + littleEndian(value)
  }

  static func littleEndian<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
    (0..<MemoryLayout<T>.size).map { UInt8(truncatingIfNeeded: value >> T(8 * $0)) }
  }
}

/// Builds tables, right ones and broken ones with right checksums.
struct TableBuilder {
  var blockSize = 1 << 18
  var restartInterval = 16
  var compression: UInt8 = 0

  func block(_ entries: [(key: [UInt8], value: [UInt8])]) -> [UInt8] {
    var bytes: [UInt8] = []
    var restarts: [UInt32] = []
    var last: [UInt8] = []
    for (index, entry) in entries.enumerated() {
      var shared = 0
      if index % restartInterval == 0 {
        restarts.append(UInt32(bytes.count))
      } else {
        shared = zip(last, entry.key).prefix { $0 == $1 }.count
      }
      bytes += Wire.varint(shared) + Wire.varint(entry.key.count - shared)
      bytes += Wire.varint(entry.value.count) + entry.key[shared...] + entry.value
      last = entry.key
    }
    if restarts.isEmpty { restarts = [0] }
    return bytes + restarts.flatMap(Wire.littleEndian) + Wire.littleEndian(UInt32(restarts.count))
  }

  func sealed(_ block: [UInt8]) -> [UInt8] {
    let covered = block + [compression]
    return covered + Wire.littleEndian(CRC32C.of(covered).masked)
  }

  static func handle(_ offset: Int, _ size: Int) -> [UInt8] {
    Wire.varint(offset) + Wire.varint(size)
  }

  static func footer(metaindex: [UInt8], index: [UInt8]) -> [UInt8] {
    let handles = metaindex + index
    return handles + [UInt8](repeating: 0, count: 40 - handles.count)
      + Wire.littleEndian(0xDB47_7524_8B80_FB57 as UInt64)
  }

  /// A whole table of data blocks that were made by `block`, each with its bound.
  func table(_ blocks: [(bound: [UInt8], content: [UInt8])]) -> [UInt8] {
    var bytes: [UInt8] = []
    var index: [(key: [UInt8], value: [UInt8])] = []
    for (bound, content) in blocks {
      index.append((bound, Self.handle(bytes.count, content.count)))
      bytes += sealed(content)
    }
    let none = block([])
    let metaindex = Self.handle(bytes.count, none.count)
    bytes += sealed(none)
    let indexBlock = TableBuilder(restartInterval: 1).block(index)
    let indexHandle = Self.handle(bytes.count, indexBlock.count)
    return bytes + sealed(indexBlock) + Self.footer(metaindex: metaindex, index: indexHandle)
  }

  /// A table of `entries`, a new block begun whenever one is full, as upstream's builder does.
  func table(of entries: [(key: [UInt8], value: [UInt8])]) -> [UInt8] {
    var blocks: [(bound: [UInt8], content: [UInt8])] = []
    var pending: [(key: [UInt8], value: [UInt8])] = []
    for entry in entries {
      pending.append(entry)
      if block(pending).count >= blockSize {
        blocks.append((entry.key, block(pending)))
        pending = []
      }
    }
    if let last = pending.last { blocks.append((last.key, block(pending))) }
    return table(blocks)
  }
}

/// Builds the index of a bundle.
struct BundleBuilder {
  /// The header of one little-endian shard and version 1.
  var header = Wire.number(1, 1) + Wire.bytes(3, Wire.number(1, 1))
  var entries: [(key: [UInt8], value: [UInt8])] = []
  var table = TableBuilder()

  mutating func add(_ name: String, _ value: [UInt8]) { add(Array(name.utf8), value) }

  mutating func add(_ key: [UInt8], _ value: [UInt8]) { entries.append((key, value)) }

  static func entry(
    type: Int = 1, shape: [Int], shard: Int = 0, offset: Int = 0, size: Int, crc: UInt32 = 0
  ) -> [UInt8] {
    Wire.number(1, type) + Wire.bytes(2, Self.shape(shape)) + Wire.number(3, shard)
      + Wire.number(4, offset) + Wire.number(5, size) + Wire.fixed32(6, crc)
  }

  static func shape(_ dimensions: [Int]) -> [UInt8] {
    dimensions.flatMap { Wire.bytes(2, Wire.number(1, $0)) }
  }

  /// A slice of starts and lengths; nil for a whole axis.
  static func slice(_ extents: [(start: Int, length: Int)?]) -> [UInt8] {
    extents.flatMap { extent in
      Wire.bytes(1, extent.map { Wire.number(1, $0.start) + Wire.number(2, $0.length) } ?? [])
    }
  }

  func index() -> [UInt8] {
    let sorted = entries.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    return table.table(of: [([], header)] + sorted)
  }
}
