internal import AlbertBytes

/// A zip file of stored members whose places are known before their content is.
struct ZipLayout: Sendable {
  /// A member: bytes at hand, and after them others that stream to their place.
  struct Member: Sendable {
    /// The name, with `/` between folders.
    let name: String
    /// The first bytes of the content.
    var head: [UInt8] = []
    /// How many bytes follow them.
    var bodyCount = 0
    /// The tensor whose bytes they are, for errors.
    var tensor: String?
  }

  /// Where the bytes go that stream to each member.
  let bodies: [Range<Int>]
  /// The size of the whole file.
  let byteCount: Int

  private let records: [ZipStoredMember]
  private let heads: [[UInt8]]

  /// Lays out members one after another, each one's content at a multiple of `alignment` bytes.
  ///
  /// Names differ. Throws where one is too long, or the file would be.
  init(_ members: [Member], alignment: Int, path: String) throws(FileError) {
    var room = RegionAllocator(path: path)
    var records: [ZipStoredMember] = []
    var bodies: [Range<Int>] = []
    for member in members {
      let name = Array(member.name.utf8)
      try FileError.limit(
        name.count, "the length of a zip member's name", most: ZipStoredMember.longestName,
        in: path, tensor: member.tensor)
      guard let size = member.head.count.adding(member.bodyCount) else {
        throw FileError(
          path, .limit(of: "the size of a zip member", value: .max, most: .max - 1),
          tensor: member.tensor)
      }
      var record = ZipStoredMember(name: name, size: size, offset: room.end)
      let gap = alignment - 1 - (record.offset + record.headerSize + alignment - 1) % alignment
      // An extra field takes four bytes at least.
      record.padding = gap == 0 || gap >= 4 ? gap : gap + alignment
      records.append(record)
      _ = try room.take(record.headerSize + member.head.count, tensor: member.tensor)
      bodies.append(try room.take(member.bodyCount, tensor: member.tensor))
    }
    self.records = records
    self.bodies = bodies
    heads = members.map(\.head)
    byteCount = room.end + ZipStoredMember.directory(of: records, at: room.end).count
  }

  /// Writes headers, heads and the directory; `checksums` are those of the members' bodies.
  func finish(_ checksums: [UInt32], to sink: some ByteSink) throws(FileError) {
    var records = records
    for index in records.indices {
      let head = heads[index]
      var crc = CRC32()
      unsafe crc.update(head.span.bytes)
      records[index].crc = crc.appending(checksums[index], of: bodies[index].count)
      let bytes = records[index].localHeader + head
      try unsafe sink.write(bytes.span.bytes, at: records[index].offset)
    }
    let start = bodies.last?.upperBound ?? 0
    let directory = ZipStoredMember.directory(of: records, at: start)
    try unsafe sink.write(directory.span.bytes, at: start)
  }
}
