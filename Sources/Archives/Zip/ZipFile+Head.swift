package import AlbertBytes

extension ZipFile {
  /// The first bytes of a member's content, `count` of them or fewer where it ends before.
  ///
  /// Of a deflated member only the beginning is read and inflated; no checksum covers that alone.
  package func head(of member: ZipMember, count: Int) throws(FileError) -> [UInt8] {
    switch member.method {
    case .stored:
      return try file.bytes(
        at: member.range.lowerBound, count: min(count, member.range.count),
        what: "the zip member '\(member.name)'")
    case .deflated:
      // Deflate may add a few bytes to what it cannot compress, and headers are no such thing.
      let input = try file.bytes(
        at: member.range.lowerBound, count: min(count + 1024, member.range.count),
        what: "the zip member '\(member.name)'")
      var inflater = Inflater()
      return unsafe inflater.head(input.span.bytes, count: min(count, member.size))
    }
  }
}
