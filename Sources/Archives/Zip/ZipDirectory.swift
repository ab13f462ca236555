internal import AlbertBytes

/// The central directory: one entry for each member.
enum ZipDirectory {
  /// The bytes of an entry without name, extra fields and comment.
  static let smallestEntry = 46

  /// What the directory says of one member.
  struct Entry {
    let name: String
    let rawName: [UInt8]
    let flags: UInt16
    let method: UInt16
    let crc32: UInt32
    let compressedSize: Int
    let size: Int
    let headerOffset: Int
  }

  /// All entries, in the directory's order, which must fill it.
  static func entries(of file: SourceFile, _ end: ZipEndRecord) throws(FileError) -> [Entry] {
    var cursor = try ByteCursor(file, range: end.directory)
    var entries: [Entry] = []
    entries.reserveCapacity(end.count)
    var names: Set<String> = []
    for _ in 0..<end.count {
      let start = cursor.position
      let entry = try entry(&cursor)
      guard names.insert(entry.name).inserted else {
        throw FileError(
          cursor.path, .malformed("the zip file holds '\(entry.name)' twice"), offset: start)
      }
      entries.append(entry)
    }
    guard cursor.isAtEnd else {
      throw cursor.malformed("the zip file's directory holds more than its \(end.count) entries")
    }
    return entries
  }

  private static func entry(_ cursor: inout ByteCursor) throws(FileError) -> Entry {
    let start = cursor.position
    let what = "an entry of the zip file's directory"
    guard try cursor.littleEndian(UInt32.self, what) == 0x0201_4B50 else {
      throw FileError(
        cursor.path, .malformed("no entry where the zip file's directory must have one"),
        offset: start)
    }
    try cursor.skip(4, what)
    let flags = try cursor.littleEndian(UInt16.self, what)
    let method = try cursor.littleEndian(UInt16.self, what)
    try cursor.skip(4, what)
    let crc32 = try cursor.littleEndian(UInt32.self, what)
    var compressedSize = UInt64(try cursor.littleEndian(UInt32.self, what))
    var size = UInt64(try cursor.littleEndian(UInt32.self, what))
    let nameLength = Int(try cursor.littleEndian(UInt16.self, what))
    let extraLength = Int(try cursor.littleEndian(UInt16.self, what))
    let commentLength = Int(try cursor.littleEndian(UInt16.self, what))
    let disk = try cursor.littleEndian(UInt16.self, what)
    try cursor.skip(6, what)
    var headerOffset = UInt64(try cursor.littleEndian(UInt32.self, what))
    let rawName = try cursor.bytes(nameLength, what)
    var extra = try cursor.slice(extraLength, what)
    try cursor.skip(commentLength, what)

    func failure(_ problem: FileError.Problem, remedy: Remedy? = nil) -> FileError {
      FileError(cursor.path, problem, offset: start, remedy: remedy)
    }
    guard let name = String(validating: rawName, as: UTF8.self), !rawName.contains(0),
      !rawName.isEmpty
    else { throw failure(.malformed("the name of a zip member is not valid UTF-8 text")) }
    guard flags & 0x2041 == 0 else {
      throw failure(
        .unsupported("the encrypted zip member '\(name)'"), remedy: "decrypt the file first")
    }
    guard method == 0 || method == 8, flags & 0x20 == 0 else {
      throw failure(
        .unsupported("the compression method \(method) of the zip member '\(name)'"),
        remedy: "pack the file again, stored or deflated")
    }
    if var wide = try ZipExtraField.zip64(&extra) {
      if size == 0xFFFF_FFFF { size = try wide.littleEndian(UInt64.self, "a zip64 size") }
      if compressedSize == 0xFFFF_FFFF {
        compressedSize = try wide.littleEndian(UInt64.self, "a zip64 size")
      }
      if headerOffset == 0xFFFF_FFFF {
        headerOffset = try wide.littleEndian(UInt64.self, "a zip64 offset")
      }
    }
    guard disk == 0 || disk == 0xFFFF, let compressed = Int(exactly: compressedSize),
      let content = Int(exactly: size), let header = Int(exactly: headerOffset)
    else { throw failure(.malformed("the zip member '\(name)' lies outside the file")) }
    // One bit of deflate yields at most 258/2 bytes, so a larger claim is a lie.
    let most = method == 0 ? compressed : compressed.multiplied(by: 1032) ?? .max
    guard method == 0 ? content == compressed : content <= most else {
      throw failure(
        .malformed(
          "the zip member '\(name)' claims \(content) bytes, more or less than its \(compressed) "
            + "stored bytes can hold"))
    }
    return Entry(
      name: name, rawName: rawName, flags: flags, method: method, crc32: crc32,
      compressedSize: compressed, size: content, headerOffset: header)
  }
}

/// The extra fields of an entry or a local header.
enum ZipExtraField {
  /// The content of the zip64 field, if there is one.
  static func zip64(_ extra: inout ByteCursor) throws(FileError) -> ByteCursor? {
    var found: ByteCursor?
    while extra.remaining >= 4 {
      let tag = try extra.littleEndian(UInt16.self)
      let length = Int(try extra.littleEndian(UInt16.self))
      let content = try extra.slice(length, "an extra field of a zip member")
      if tag == 1 {
        guard found == nil else { throw extra.malformed("a zip member has two zip64 fields") }
        found = content
      }
    }
    // Tools that align members leave up to three zero bytes.
    while !extra.isAtEnd {
      guard try extra.byte() == 0 else {
        throw extra.malformed("the extra fields of a zip member are cut off")
      }
    }
    return found
  }
}
