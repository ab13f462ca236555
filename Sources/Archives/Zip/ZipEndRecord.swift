internal import AlbertBytes

/// What the record at the end of a zip file says of the directory, with zip64's wider numbers.
struct ZipEndRecord {
  /// Where the directory lies.
  let directory: Range<Int>
  /// How many entries it has.
  let count: Int

  /// More members than any checkpoint has; each is looked at in its own place.
  private static let maxMembers = 1 << 17
  private static let size = 22
  private static let locatorSize = 20
  private static let wideSize = 56
  private static let longestComment = 0xFFFF

  init(_ file: SourceFile) throws(FileError) {
    let path = file.path.string
    let tailStart = max(0, file.size - Self.size - Self.longestComment)
    let tail = try file.bytes(
      at: tailStart, count: file.size - tailStart, what: "the zip file's end record")
    guard let found = Self.find(tail) else {
      throw FileError(
        path, .malformed("the zip file has no end record, so its last part is missing"),
        offset: file.size)
    }
    let start = tailStart + found
    var cursor = try ByteCursor(file, range: start..<file.size)
    try cursor.skip(4)
    let disk = try cursor.littleEndian(UInt16.self)
    let directoryDisk = try cursor.littleEndian(UInt16.self)
    let countHere = try cursor.littleEndian(UInt16.self)
    let count = try cursor.littleEndian(UInt16.self)
    let size = try cursor.littleEndian(UInt32.self)
    let offset = try cursor.littleEndian(UInt32.self)

    var facts = Facts(
      disk: UInt32(disk), directoryDisk: UInt32(directoryDisk), countHere: UInt64(countHere),
      count: UInt64(count), size: UInt64(size), offset: UInt64(offset))
    var directoryEnd = start
    if let wide = try Self.wideRecord(file, before: start) {
      // The narrow record repeats each number or holds the largest one in its place.
      let agrees =
        (count == .max || UInt64(count) == wide.facts.count)
        && (size == .max || UInt64(size) == wide.facts.size)
        && (offset == .max || UInt64(offset) == wide.facts.offset)
      guard agrees else {
        throw FileError(
          path, .malformed("the zip file's two end records disagree"), offset: start)
      }
      facts = wide.facts
      directoryEnd = wide.start
    }
    guard facts.disk == 0, facts.directoryDisk == 0, facts.countHere == facts.count else {
      throw FileError(
        path, .unsupported("a zip file that is split over several disks"), offset: start,
        remedy: "join its parts first")
    }
    guard let size = Int(exactly: facts.size), let offset = Int(exactly: facts.offset),
      size <= directoryEnd, offset == directoryEnd - size
    else {
      throw FileError(
        path,
        .malformed(
          "the zip file's directory (\(facts.size) bytes at \(facts.offset)) does not end where its "
            + "end record begins, at \(directoryEnd)"), offset: start)
    }
    // Each entry has bytes of its own, so a lie about their number shows before any is read.
    let most = min(size / ZipDirectory.smallestEntry, Self.maxMembers)
    guard let count = Int(exactly: facts.count), count <= most else {
      throw FileError(
        path,
        .limit(of: "the number of zip members", value: Int(clamping: facts.count), most: most),
        offset: start)
    }
    directory = offset..<directoryEnd
    self.count = count
  }

  private struct Facts {
    var disk: UInt32
    var directoryDisk: UInt32
    var countHere: UInt64
    var count: UInt64
    var size: UInt64
    var offset: UInt64
  }

  /// The last place in `tail` where a record whose comment ends the file begins.
  private static func find(_ tail: [UInt8]) -> Int? {
    var index = tail.count - size
    while index >= 0 {
      if tail[index] == 0x50, tail[index + 1] == 0x4B, tail[index + 2] == 5, tail[index + 3] == 6,
        Int(tail[index + 20]) | Int(tail[index + 21]) << 8 == tail.count - size - index
      {
        return index
      }
      index -= 1
    }
    return nil
  }

  /// The zip64 record, where a locator stands right before the narrow one.
  private static func wideRecord(
    _ file: SourceFile, before end: Int
  ) throws(FileError) -> (facts: Facts, start: Int)? {
    guard end >= locatorSize else { return nil }
    var locator = try ByteCursor(file, range: end - locatorSize..<end)
    guard try locator.littleEndian(UInt32.self) == 0x0706_4B50 else { return nil }
    let disk = try locator.littleEndian(UInt32.self)
    let stated = try locator.littleEndian(UInt64.self)
    let disks = try locator.littleEndian(UInt32.self)
    guard disk == 0, disks <= 1, let start = Int(exactly: stated), end - locatorSize >= wideSize,
      start <= end - locatorSize - wideSize
    else { throw locator.malformed("the zip64 locator points outside the file") }
    var cursor = try ByteCursor(file, range: start..<end - locatorSize)
    guard try cursor.littleEndian(UInt32.self) == 0x0606_4B50 else {
      throw cursor.malformed("the zip64 locator points at no zip64 end record")
    }
    let length = try cursor.littleEndian(UInt64.self, "the zip64 end record")
    guard length == UInt64(cursor.remaining) else {
      throw cursor.malformed("the zip64 end record does not end where its locator begins")
    }
    try cursor.skip(4)
    let facts = Facts(
      disk: try cursor.littleEndian(UInt32.self),
      directoryDisk: try cursor.littleEndian(UInt32.self),
      countHere: try cursor.littleEndian(UInt64.self), count: try cursor.littleEndian(UInt64.self),
      size: try cursor.littleEndian(UInt64.self), offset: try cursor.littleEndian(UInt64.self))
    return (facts, start)
  }
}
