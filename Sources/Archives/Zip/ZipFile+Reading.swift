package import AlbertBytes

extension ZipFile {
  /// Hands the content of `member` to `body` in order, a window at a time, and checks its size and
  /// CRC-32 before it returns.
  ///
  /// Deflated members are inflated as they go, through a buffer of fixed size.
  package func stream(
    _ member: ZipMember, _ body: (RawSpan) throws(FileError) -> Void
  ) throws(FileError) {
    var crc = CRC32()
    switch member.method {
    case .stored:
      try file.stream(member.range, what: "the zip member '\(member.name)'") {
        (window) throws(FileError) in
        crc.update(window)
        try body(window)
      }
    case .deflated:
      var size = 0
      var inflater = Inflater()
      try inflater.run(file, member) { (window) throws(FileError) in
        size += window.byteCount
        crc.update(window)
        try body(window)
      }
      guard size == member.size else {
        throw mismatch(member, "ends after \(size) bytes, \(member.size) are stated")
      }
    }
    try check(crc, of: member)
  }

  /// The whole content of a member that must be in memory at once; `most` bytes are accepted.
  ///
  /// Memory grows with what was really inflated, never with what the directory claims.
  package func bytes(of member: ZipMember, most: Int) throws(FileError) -> [UInt8] {
    try FileError.limit(
      member.size, "the size of the zip member '\(member.name)'", most: most, in: file.path.string,
      offset: member.range.lowerBound)
    var result: [UInt8] = []
    if member.method == .stored { result.reserveCapacity(member.size) }
    try stream(member) { (window) throws(FileError) in
      result.append(window)
    }
    return result
  }

  /// Throws `checksum` unless `crc`, taken over the whole content of `member`, is the stated one.
  ///
  /// For readers that read a stored member's range themselves; a file without checksums passes.
  package func check(_ crc: CRC32, of member: ZipMember) throws(FileError) {
    guard crc.value == member.crc32 || !hasChecksums else {
      throw FileError(
        file.path.string,
        .checksum(
          of: "the zip member '\(member.name)'", expected: CRC32.text(member.crc32),
          found: CRC32.text(crc.value)), offset: member.range.lowerBound)
    }
  }

  private func mismatch(_ member: ZipMember, _ what: String) -> FileError {
    FileError(
      file.path.string, .malformed("the zip member '\(member.name)' \(what)"),
      offset: member.range.lowerBound)
  }
}
