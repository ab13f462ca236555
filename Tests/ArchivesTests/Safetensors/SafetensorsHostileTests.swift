import AlbertArchives
import AlbertBytes
import AlbertTensors
import AlbertTestSupport
import SystemPackage
import Testing

/// Damaged files end in an error or in tensors, never otherwise.
@Suite struct SafetensorsHostileTests {
  @Test func everyTruncationIsAnError() throws {
    let bytes = try Fixture.bytes("safetensors/every-type.safetensors")
    let scratch = try Scratch()
    for length in 0..<bytes.count {
      let path = try scratch.write(Array(bytes[..<length]))
      #expect(throws: FileError.self) { try ArchiveRegistry.open(path).readAll() }
    }
  }

  @Test func changedBytesNeverTrap() throws {
    let bytes = try Fixture.bytes("safetensors/every-type.safetensors")
    let header = bytes.count - 276
    // What passes is a changed name, text or type of the same size: nothing in the format guards it.
    #expect(try refusals(of: bytes, changing: 0..<header) > header)
  }

  @Test func manyTinyEntriesStayBounded() throws {
    let header = "{" + (0..<300_000).map { "\"\($0)\":{}" }.joined(separator: ",") + "}"
    let length = UInt64(header.utf8.count)
    let bytes = (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array(header.utf8)
    let scratch = try Scratch()
    let path = try scratch.write(bytes)
    #expect(
      failure { try ArchiveRegistry.open(path) }.contains(
        "the number of objects and arrays in the JSON text is 262145"))
  }
}
