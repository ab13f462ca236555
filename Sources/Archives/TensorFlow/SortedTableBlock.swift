internal import AlbertBytes

/// One block of a sorted table: keys that state only how they differ from the one before, values,
/// and an array of the places (restart points) where a key is written in full.
struct SortedTableBlock: Sendable {
  /// Runs over the entries and ends where the restart points begin.
  private var entries: ByteCursor
  private let base: Int
  private let restarts: [Int]
  private var nextRestart = 0
  private var key: [UInt8]?

  /// A block of this size is read at once; a larger one (a tensor of the old format lies in one)
  /// through a window.
  private static let maxInMemory = 1 << 20

  /// Checks the block's checksum and its restart points; `what` names it in errors.
  init(_ file: SourceFile, _ handle: SortedTable.Handle, _ what: String) throws(FileError) {
    var cursor = try Self.content(file, handle, what)
    base = handle.offset
    guard handle.size >= 4 else {
      throw FileError(
        file.path.string, .truncated(what: what, needed: 4, available: handle.size), offset: base)
    }
    try cursor.seek(to: base + handle.size - 4)
    let count = Int(try cursor.littleEndian(UInt32.self))
    guard count >= 1, count <= (handle.size - 4) / 4 else {
      throw FileError(
        file.path.string, .malformed("\(what) has \(count) restart points, which do not fit it"),
        offset: base + handle.size - 4)
    }
    let end = base + handle.size - 4 - 4 * count
    try cursor.seek(to: end)
    var restarts: [Int] = []
    restarts.reserveCapacity(count)
    for _ in 0..<count { restarts.append(Int(try cursor.littleEndian(UInt32.self))) }
    self.restarts = restarts
    try cursor.seek(to: base)
    entries = try cursor.slice(end - base)
  }

  /// The next entry, or nil at the end of the block.
  ///
  /// `keyBytes` is what keys may still take up and is lowered by each.
  mutating func next(_ keyBytes: inout Int) throws(FileError) -> (key: [UInt8], value: ByteCursor)?
  {
    let start = entries.position
    if entries.isAtEnd {
      // A block without entries still states one restart point, at its beginning.
      let stated = key == nil && restarts == [0] ? 1 : nextRestart
      guard stated == restarts.count else {
        throw entries.malformed("a restart point lies where no entry begins")
      }
      return nil
    }
    let shared = try entries.count("the shared length of a key")
    let rest = try entries.count("the length of a key")
    let valueSize = try entries.count("the length of a value")
    let previous = key ?? []
    guard shared <= previous.count else {
      throw FileError(
        entries.path,
        .malformed("a key shares \(shared) bytes with one of \(previous.count)"), offset: start)
    }
    if nextRestart < restarts.count, restarts[nextRestart] == start - base {
      nextRestart += 1
      guard shared == 0 else {
        throw FileError(
          entries.path, .malformed("the key at a restart point is not written in full"),
          offset: start)
      }
    } else if key == nil {
      throw FileError(
        entries.path, .malformed("the first entry of a block is no restart point"), offset: start)
    }
    try entries.require(rest, "a key")
    guard shared + rest <= keyBytes else {
      throw FileError(
        entries.path,
        .malformed("the keys share more of their bytes than any writer makes them share"),
        offset: start)
    }
    keyBytes -= shared + rest
    let next = previous[..<shared] + (try entries.bytes(rest, "a key"))
    guard key == nil || previous.lexicographicallyPrecedes(next) else {
      throw FileError(
        entries.path, .malformed("the keys are not in ascending order"), offset: start)
    }
    let whole = Array(next)
    key = whole
    return (whole, try entries.slice(valueSize, "a value"))
  }

  /// The block's content, once its trailer is known to be right.
  private static func content(
    _ file: SourceFile, _ handle: SortedTable.Handle, _ what: String
  ) throws(FileError) -> ByteCursor {
    guard handle.end <= file.size else {
      throw FileError(
        file.path.string,
        .truncated(
          what: what, needed: handle.end - handle.offset,
          available: max(0, file.size - handle.offset)),
        offset: min(handle.offset, file.size))
    }
    let covered = handle.offset..<handle.offset + handle.size + 1
    var crc = CRC32C()
    var inMemory: [UInt8] = []
    if covered.count <= maxInMemory {
      inMemory = try file.bytes(at: covered.lowerBound, count: covered.count, what: what)
      unsafe crc.update(inMemory.span.bytes)
    } else {
      try file.stream(covered, what: what) { (window) throws(FileError) in crc.update(window) }
    }
    var trailer = try ByteCursor(file, range: covered.upperBound - 1..<handle.end)
    let compression = try trailer.byte()
    let stored = try trailer.littleEndian(UInt32.self)
    guard stored == crc.masked else {
      throw FileError(
        file.path.string,
        .checksum(of: what, expected: hexadecimal(stored), found: hexadecimal(crc.masked)),
        offset: handle.offset)
    }
    guard compression == 0 else {
      throw FileError(
        file.path.string,
        .unsupported(compression == 1 ? "Snappy compression" : "compression type \(compression)"),
        offset: covered.upperBound - 1,
        remedy: "save the checkpoint again with TensorFlow, which does not compress")
    }
    if covered.count <= maxInMemory {
      inMemory.removeLast()
      return ByteCursor(inMemory, path: file.path.string, offset: handle.offset)
    }
    return try ByteCursor(file, range: handle.offset..<handle.offset + handle.size)
  }
}

/// A checksum as errors show it, such as `0x0012abcd`.
func hexadecimal(_ value: UInt32) -> String {
  "0x" + CRC32.text(value)
}
