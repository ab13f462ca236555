internal import AlbertBytes

/// The header that stands before a member's data and must say what the directory says.
enum ZipLocalHeader {
  private static let size = 30
  /// Extra fields that are fetched together with the header, so that most headers cost one read.
  private static let usualExtra = 128

  /// The member behind `entry`, and the offset from which on the next one may begin.
  static func member(
    _ entry: ZipDirectory.Entry, in file: SourceFile, before directory: Range<Int>
  ) throws(FileError) -> (ZipMember, next: Int) {
    let limit = directory.lowerBound
    let start = entry.headerOffset
    func failure(_ what: String) -> FileError {
      FileError(file.path.string, .malformed(what), offset: start)
    }
    guard start <= limit, limit - start >= size + entry.rawName.count else {
      throw failure("the zip member '\(entry.name)' lies outside the file")
    }
    let fetched = min(limit - start, size + entry.rawName.count + usualExtra)
    var cursor = ByteCursor(
      try file.bytes(at: start, count: fetched), path: file.path.string, offset: start)
    guard try cursor.littleEndian(UInt32.self) == 0x0403_4B50 else {
      throw failure("the zip member '\(entry.name)' has no local header")
    }
    try cursor.skip(2)
    let flags = try cursor.littleEndian(UInt16.self)
    let method = try cursor.littleEndian(UInt16.self)
    try cursor.skip(4)
    let crc32 = try cursor.littleEndian(UInt32.self)
    var compressedSize = UInt64(try cursor.littleEndian(UInt32.self))
    var size = UInt64(try cursor.littleEndian(UInt32.self))
    let nameLength = Int(try cursor.littleEndian(UInt16.self))
    let extraLength = Int(try cursor.littleEndian(UInt16.self))
    guard nameLength == entry.rawName.count, try cursor.bytes(nameLength) == entry.rawName,
      method == entry.method, flags & 0x2041 == 0
    else { throw failure("the local header of '\(entry.name)' disagrees with the directory") }

    let dataStart = start + Self.size + nameLength + extraLength
    guard dataStart <= limit, entry.compressedSize <= limit - dataStart else {
      throw failure("the zip member '\(entry.name)' lies outside the file")
    }
    var extra =
      extraLength <= cursor.remaining
      ? try cursor.slice(extraLength)
      : try ByteCursor(file, range: dataStart - extraLength..<dataStart)
    if var wide = try ZipExtraField.zip64(&extra) {
      if size == 0xFFFF_FFFF { size = try wide.littleEndian(UInt64.self, "a zip64 size") }
      if compressedSize == 0xFFFF_FFFF {
        compressedSize = try wide.littleEndian(UInt64.self, "a zip64 size")
      }
    }
    // A writer that streams knows checksum and sizes only afterwards: zeros here, a descriptor there.
    let streamed = flags & 8 != 0
    func agrees<T: BinaryInteger>(_ here: T, _ stated: T) -> Bool {
      here == stated || (streamed && here == 0)
    }
    guard agrees(crc32, entry.crc32), agrees(size, UInt64(entry.size)),
      agrees(compressedSize, UInt64(entry.compressedSize))
    else { throw failure("the local header of '\(entry.name)' disagrees with the directory") }

    let range = dataStart..<dataStart + entry.compressedSize
    let next =
      streamed
      ? try descriptorEnd(of: entry, in: file, after: range, before: limit) : range.upperBound
    let member = ZipMember(
      name: entry.name, method: entry.method == 0 ? .stored : .deflated, range: range,
      size: entry.size, crc32: entry.crc32)
    return (member, next)
  }

  /// Checks the data descriptor after a streamed member: with or without a signature, with sizes of
  /// 32 or 64 bits, as writers please.
  private static func descriptorEnd(
    of entry: ZipDirectory.Entry, in file: SourceFile, after range: Range<Int>, before limit: Int
  ) throws(FileError) -> Int {
    let found = try file.bytes(at: range.upperBound, count: min(24, limit - range.upperBound))
    let signature = [UInt8](littleEndian: 0x0807_4B50, count: 4)
    let crc32 = [UInt8](littleEndian: UInt64(entry.crc32), count: 4)
    func sizes(_ count: Int) -> [UInt8] {
      [entry.compressedSize, entry.size].flatMap { [UInt8](littleEndian: UInt64($0), count: count) }
    }
    let (wide, narrow) = (sizes(8), sizes(4))
    for expected in [
      signature + crc32 + wide, signature + crc32 + narrow, crc32 + wide, crc32 + narrow,
    ] where found.starts(with: expected) {
      return range.upperBound + expected.count
    }
    throw FileError(
      file.path.string,
      .malformed("the data descriptor after '\(entry.name)' disagrees with the directory"),
      offset: range.upperBound)
  }
}
