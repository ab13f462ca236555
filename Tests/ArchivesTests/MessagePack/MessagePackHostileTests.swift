import AlbertArchives
import AlbertBytes
import AlbertTensors
import AlbertTestSupport
import SystemPackage
import Testing

/// Damaged and malicious files end in an error or in tensors, never otherwise.
@Suite struct MessagePackHostileTests {
  private static let again =
    "download or copy the file again; if that does not help, it was damaged when written"

  private func message(_ bytes: [UInt8]) throws -> String {
    let scratch = try Scratch()
    let path = try scratch.write(bytes)
    do {
      try ArchiveRegistry.open(path).readAll()
      return "no error"
    } catch let error as FileError {
      return "\(error.message); \(error.remedy)"
    }
  }

  /// `{"a": VALUE}`.
  private func map(_ value: [UInt8]) -> [UInt8] { [0x81, 0xA1, 0x61] + value }

  /// An array extension around `content`.
  private func array(_ content: [UInt8]) -> [UInt8] {
    map([0xC7, UInt8(content.count), 1] + content)
  }

  private let float32: [UInt8] = [0xA7] + Array("float32".utf8)

  @Test func saysWhatIsWrong() throws {
    let four: [UInt8] = [0xC4, 4, 0, 0, 0, 0]
    #expect(try message(array([0x93, 0x91, 1] + float32 + four)) == "no error")
    #expect(
      try message(array([0x93, 0x91, 2] + float32 + four))
        == "the size of float32 [2]: expected 8 bytes, found 4 at byte 6; \(Self.again)")
    #expect(
      try message(array([0x93, 0x91, 0xFF] + float32 + four))
        == "the shape [-1] is out of range at byte 6; \(Self.again)")
    #expect(
      try message(array([0x93, 0x91, 0xCB, 0, 0, 0, 0, 0, 0, 0, 0] + float32 + four))
        == "an array's shape holds something else than integers at byte 6; \(Self.again)")
    #expect(
      try message(array([0x93, 0x91, 1] + float32 + four + [0]))
        == "an array's content ends elsewhere than the array at byte 6; \(Self.again)")
    #expect(
      try message(array([0x92, 0x91, 1] + float32))
        == "an array is no (shape, type, bytes) at byte 6; \(Self.again)")
    #expect(
      try message(array([0x93, 0x91, 1, 1] + four))
        == "an array's type is no name at byte 6; \(Self.again)")
    #expect(
      try message(array([0x93, 0x91, 1] + float32 + [0xA0]))
        == "an array's content is no binary data at byte 6; \(Self.again)")
    #expect(
      try message(map([0xD4, 9, 0]))
        == "MessagePack's extension type 9, which Flax lacks, is not supported at byte 5; "
        + "save the model again in another supported format")
    #expect(
      try message(map([1]) + [0]) == "1 bytes follow the end of the data at byte 4; \(Self.again)")
    #expect(
      try message(map([0xC1]))
        == "MessagePack has no value that begins with 0xC1 at byte 3; \(Self.again)")
    #expect(
      try message(map([0x81, 1, 1])) == "the key of a map is no string at byte 4; \(Self.again)")
    #expect(
      try message([0x82, 0xA1, 0x61, 1, 0xA1, 0x61, 1])
        == "the key 'a' occurs twice in one map at byte 4; \(Self.again)")
    #expect(
      try message([0x82, 0xA3, 0x61, 0x2F, 0x62, 1, 0xA1, 0x61, 0x81, 0xA1, 0x62, 1])
        == "the name occurs twice in tensor 'a/b'; \(Self.again)")
    #expect(
      try message(map([0xA1, 0xFF])) == "a string is not valid UTF-8 at byte 4; \(Self.again)")
  }

  @Test func boundsWhatItAllocates() throws {
    #expect(
      try message(map([0xDF, 0x7F, 0xFF, 0xFF, 0xFE]))
        == "the file ends inside a map of 2147483646 pairs: 4294967292 bytes expected, 0 found "
        + "at byte 8; \(Self.again)")
    #expect(
      try message(map([0xDD, 0xFF, 0xFF, 0xFF, 0xFF])).hasPrefix(
        "the file ends inside an array of 4294967295 values"))
    #expect(
      try message(map([0xC9, 0xFF, 0xFF, 0xFF, 0xFF, 1])).hasPrefix(
        "the file ends inside an extension: 4294967295 bytes expected, 0 found"))
    #expect(
      try message((0..<10_000).flatMap { _ in [0x81, 0xA1, 0x61] as [UInt8] } + [0xC0]).hasPrefix(
        "the nesting of maps is 65, more than the 64 accepted"))
    #expect(
      try message(map([0xDD, 0, 4, 0, 0] + [UInt8](repeating: 1, count: 1 << 18))).hasPrefix(
        "the number of values is 262145, more than the 262144 accepted"))
    // One long key above many short ones, whose full names would be far longer than the file.
    let key: [UInt8] = [0xDA, 0xFF, 0xFF] + [UInt8](repeating: 0x6B, count: 65535)
    #expect(
      try message([0x81] + key + [0xDC, 0x10, 0] + [UInt8](repeating: 1, count: 4096)).hasPrefix(
        "the length of all names is"))
  }

  @Test func refusesOddPieces() throws {
    let piece: [UInt8] = [0xC7, 16, 1, 0x93, 0x91, 1] + float32 + [0xC4, 4, 0, 0, 0, 0]
    func chunked(shape: [UInt8], chunks: [UInt8]) -> [UInt8] {
      func text(_ string: String) -> [UInt8] { [0xA0 | UInt8(string.utf8.count)] + string.utf8 }
      let marker = [0xB9] + Array("__msgpack_chunked_array__".utf8)
      return map(
        [0x83, 0xD9, 25] + marker.dropFirst() + [0xC3] + text("shape") + shape
          + text("chunks") + chunks)
    }
    let sized = [0xC7, UInt8(piece.count - 3)] + piece.dropFirst(2)
    let zero: [UInt8] = [0xA1, 0x30]
    #expect(
      try message(chunked(shape: [0x81] + zero + [1], chunks: [0x81] + zero + sized)) == "no error")
    #expect(
      try message(chunked(shape: [0x81] + zero + [2], chunks: [0x81] + zero + sized))
        == "the elements of all pieces of [2]: expected 2, found 1 in tensor 'a'; \(Self.again)")
    #expect(
      try message(chunked(shape: [0x81] + zero + [0xFF], chunks: [0x81] + zero + sized))
        == "an array in pieces has an impossible shape in tensor 'a'; \(Self.again)")
    #expect(
      try message(chunked(shape: [0x81] + zero + [1], chunks: [0x81, 0xA1, 0x31] + sized))
        == "an array in pieces lacks number 0 of its 'chunks' in tensor 'a'; \(Self.again)")
    #expect(
      try message(chunked(shape: [0x81] + zero + [1], chunks: [0x81] + zero + [1]))
        == "a piece of an array is no array in tensor 'a'; \(Self.again)")
    #expect(
      try message(chunked(shape: [1], chunks: [0x80]))
        == "an array in pieces has no 'shape' in tensor 'a'; \(Self.again)")
    #expect(
      try message(chunked(shape: [0x80], chunks: [0x80]))
        == "an array in pieces has 0 types in tensor 'a'; \(Self.again)")
  }

  @Test(arguments: ["every-type", "chunked"]) func everyTruncationIsAnError(_ name: String) throws {
    let bytes = try Fixture.bytes("msgpack/\(name).msgpack")
    let scratch = try Scratch()
    for length in 0..<bytes.count {
      let path = try scratch.write(Array(bytes[..<length]))
      #expect(throws: FileError.self) { try ArchiveRegistry.open(path).readAll() }
    }
  }

  @Test(arguments: ["every-type", "chunked"]) func changedBytesNeverTrap(_ name: String) throws {
    let bytes = try Fixture.bytes("msgpack/\(name).msgpack")
    #expect(try refusals(of: bytes, changing: bytes.indices) > bytes.count)
  }
}
