import AlbertArchives
import AlbertBytes
import AlbertTestSupport
import Testing

@Suite struct ZipHostileTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  /// Opens `bytes` and reads every member to its end.
  @discardableResult
  private func readAll(_ bytes: [UInt8]) throws -> [[UInt8]] {
    let zip = try ZipFile(try scratch.file(bytes))
    return try zip.members.map { try zip.bytes(of: $0, most: 1 << 16) }
  }

  private func failure(_ bytes: [UInt8]) -> FileError? {
    do {
      try readAll(bytes)
    } catch {
      return error as? FileError
    }
    return nil
  }

  private func little(_ value: some FixedWidthInteger, _ size: Int) -> [UInt8] {
    (0..<size).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
  }

  /// The offset of the last occurrence of a record's signature.
  private func last(_ signature: [UInt8], in bytes: [UInt8]) throws -> Int {
    try #require(
      bytes.indices.dropLast(3).last { Array(bytes[$0..<$0 + 4]) == signature })
  }

  @Test(arguments: ["torch.pt", "numpy-compressed.npz", "zip64-directory.zip"])
  func `every truncation is an error`(_ name: String) throws {
    let bytes = try Fixture.bytes("zip/\(name)")
    // The records at the end are cut everywhere, the data before them here and there.
    for length in bytes.indices where length % 13 == 0 || length + 700 > bytes.count {
      #expect(failure(Array(bytes[..<length])) != nil)
    }
    #expect(failure(bytes) == nil)
    #expect(failure(bytes + [0]) != nil)
  }

  @Test(arguments: ["torch.pt", "numpy-compressed.npz", "streamed-zip64.zip"])
  func `no changed byte traps, and no changed content passes`(_ name: String) throws {
    let bytes = try Fixture.bytes("zip/\(name)")
    let content = try readAll(bytes)
    var changed = bytes
    for index in bytes.indices {
      for mask in [UInt8(1) << UInt8(index % 8), 0xFF] {
        changed[index] ^= mask
        // Deflate has bits without meaning, so what counts is that nothing else comes out.
        if let found = try? readAll(changed), found.count == content.count {
          #expect(found == content, "\(index)")
        }
        changed[index] ^= mask
      }
    }
  }

  @Test func `a flipped bit in stored data is told with both checksums`() throws {
    var bytes = try Fixture.bytes("zip/stored.zip")
    bytes[100] ^= 0x10
    let error = try #require(failure(bytes))
    #expect(error.code == "checksum")
    #expect(
      error.message.hasPrefix("the zip member 'a/first.bin' does not match its checksum: expected"))
  }

  @Test func `a larger claim than deflate can hold is refused before inflating`() throws {
    var bytes = try Fixture.bytes("zip/bomb.zip")
    let entry = try last([0x50, 0x4B, 1, 2], in: bytes)
    for header in [22, entry + 24] {
      bytes.replaceSubrange(header..<header + 4, with: little(UInt32.max - 1, 4))
    }
    let error = try #require(failure(bytes))
    #expect(error.message.contains("claims 4294967294 bytes"), "\(error)")
  }

  @Test func `a smaller claim stops the stream`() throws {
    var bytes = try Fixture.bytes("zip/bomb.zip")
    let entry = try last([0x50, 0x4B, 1, 2], in: bytes)
    for header in [22, entry + 24] {
      bytes.replaceSubrange(header..<header + 4, with: little(1000, 4))
    }
    let error = try #require(failure(bytes))
    #expect(error.message.contains("holds more than the 1000 bytes stated"), "\(error)")
  }

  @Test func `members that share bytes are refused`() throws {
    var bytes = try Fixture.bytes("zip/stored.zip")
    // The second entry is pointed at the first member's header.
    let entries = bytes.indices.dropLast(3).filter {
      Array(bytes[$0..<$0 + 4]) == [0x50, 0x4B, 1, 2]
    }
    bytes.replaceSubrange(entries[2] + 42..<entries[2] + 46, with: little(0, 4))
    let error = try #require(failure(bytes))
    #expect(error.message.contains("overlap"), "\(error)")
  }

  @Test func `a huge count of members is refused by the directory's size`() throws {
    var bytes = try Fixture.bytes("zip/stored.zip")
    let end = try last([0x50, 0x4B, 5, 6], in: bytes)
    bytes.replaceSubrange(end + 8..<end + 12, with: [0xFE, 0xFF, 0xFE, 0xFF])
    let error = try #require(failure(bytes))
    #expect(error.code == "limit")
  }

  @Test func `a local header that says otherwise is refused`() throws {
    var bytes = try Fixture.bytes("zip/stored.zip")
    bytes[30] = UInt8(ascii: "b")
    let error = try #require(failure(bytes))
    #expect(
      error.message == "the local header of 'a/first.bin' disagrees with the directory at byte 0")
  }
}
