package import AlbertBytes

/// The members of a zip file, as its central directory lists them, checked against the local
/// headers before anything is read from one.
///
/// The directory must be whole: the end record ends the file, the directory ends where the end record
/// begins, members lie before the directory and apart from each other, no name comes twice. Members
/// that are encrypted or compressed otherwise than by deflate are refused.
package struct ZipFile: Sendable {
  /// The file.
  package let file: SourceFile
  /// All members but folders, in the order of their data in the file.
  package let members: [ZipMember]
  /// Whether the directory states checksums.
  ///
  /// PyTorch can be told to save none; it then states zero for every member.
  package let hasChecksums: Bool
  private let positions: [String: Int]

  /// Reads the directory and every local header, and no member's data.
  ///
  /// Where `checksumsAreOptional`, zero as the checksum of every member means that there is none.
  package init(_ file: SourceFile, checksumsAreOptional: Bool = false) throws(FileError) {
    let end = try ZipEndRecord(file)
    var entries = try ZipDirectory.entries(of: file, end)
    entries.sort { $0.headerOffset < $1.headerOffset }
    var members: [ZipMember] = []
    var free = 0
    var previous = ""
    for entry in entries {
      guard entry.headerOffset >= free else {
        throw FileError(
          file.path.string, .malformed("the members '\(previous)' and '\(entry.name)' overlap"),
          offset: entry.headerOffset)
      }
      let (member, next) = try ZipLocalHeader.member(entry, in: file, before: end.directory)
      free = next
      previous = entry.name
      if !member.name.hasSuffix("/") { members.append(member) }
    }
    self.file = file
    self.members = members
    hasChecksums = !checksumsAreOptional || members.contains { $0.crc32 != 0 }
    positions = Dictionary(
      firstOfEach: members.enumerated().map { ($1.name, $0) })
  }

  /// The member of that name, if there is one.
  package subscript(name: String) -> ZipMember? { positions[name].map { members[$0] } }

  /// Whether a file begins as a zip file does: with a member, or with the end of an empty one.
  package static func isZip(_ head: [UInt8]) -> Bool {
    head.starts(with: [0x50, 0x4B, 0x03, 0x04]) || head.starts(with: [0x50, 0x4B, 0x05, 0x06])
  }
}

/// One member of a zip file.
package struct ZipMember: Equatable, Sendable {
  /// How a member's bytes are stored.
  package enum Method: Equatable, Sendable {
    /// As they are: `range` is the content.
    case stored
    /// Compressed with deflate.
    case deflated
  }

  /// The name, with `/` between folders.
  package let name: String
  /// How the bytes are stored.
  package let method: Method
  /// Where the stored bytes lie in the file.
  package let range: Range<Int>
  /// The size of the content, as the directory states it; of a deflated member it is a claim that
  /// `stream` checks, and nothing may be allocated for it.
  package let size: Int
  /// The CRC-32 of the content.
  package let crc32: UInt32
}
