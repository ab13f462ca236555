package import AlbertBytes

/// Writes a zip file of stored members whose content is at hand, one after another.
package struct ZipWriter {
  private let sink: any ByteSink
  private var position = 0
  private var members: [ZipStoredMember] = []

  /// A zip file whose bytes go to `sink`, from its offset 0 on.
  package init(to sink: some ByteSink) {
    self.sink = sink
  }

  /// Adds a member whose content is at hand, in parts.
  package mutating func add(_ name: String, _ parts: [[UInt8]]) throws(FileError) {
    var crc = CRC32()
    for part in parts { unsafe crc.update(part.span.bytes) }
    let member = ZipStoredMember(
      name: Array(name.utf8), size: parts.reduce(0) { $0 + $1.count }, offset: position,
      crc: crc.value)
    try write(member.localHeader)
    for part in parts { try write(part) }
    members.append(member)
  }

  /// Writes the directory, and returns the size of the file.
  package mutating func finish() throws(FileError) -> Int {
    try write(ZipStoredMember.directory(of: members, at: position))
    return position
  }

  private mutating func write(_ bytes: [UInt8]) throws(FileError) {
    try unsafe sink.write(bytes.span.bytes, at: position)
    position += bytes.count
  }
}
