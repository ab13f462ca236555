import AlbertBytes
import Testing

@testable import AlbertArchives

@Suite struct ProtobufReaderTests {
  /// Every field of one message.
  private func fields(_ bytes: [UInt8]) throws -> [ProtobufField] {
    var reader = ProtobufReader(bytes, path: "message")
    var result: [ProtobufField] = []
    while let field = try reader.next() { result.append(field) }
    return result
  }

  private func message(of body: () throws -> Void) -> String? {
    do { try body() } catch let error as FileError { return error.message } catch { return nil }
    return nil
  }

  @Test func everyWireTypeIsRead() throws {
    let bytes: [UInt8] = [
      0x08, 0x96, 0x01,  // 1: varint 150, the example of protobuf's own documentation
      0x11, 1, 2, 3, 4, 5, 6, 7, 8,  // 2: fixed64
      0x1D, 0, 0, 0x80, 0x3F,  // 3: fixed32, the bits of 1.0
      0x22, 2, 0x68, 0x69,  // 4: "hi"
      0x28, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01,  // 5: -1
    ]
    var reader = ProtobufReader(bytes, path: "message", offset: 100)
    let first = try #require(try reader.next())
    #expect(first.number == 1)
    #expect(first.offset == 100)
    #expect(try first.unsigned("it") == 150)
    let second = try #require(try reader.next())
    #expect(try second.fixed64("it") == 0x0807_0605_0403_0201)
    let third = try #require(try reader.next())
    #expect(Float(bitPattern: try third.fixed32("it")) == 1)
    let fourth = try #require(try reader.next())
    #expect(try fourth.range("it") == 119..<121)
    #expect(try reader.string(fourth, "it") == "hi")
    let fifth = try #require(try reader.next())
    #expect(try fifth.signed("it") == -1)
    #expect(
      message { _ = try fifth.count("the size") } == "the size is -1, less than zero at byte 121")
    #expect(message { _ = try fifth.bool("the flag") }?.contains("neither 0 nor 1") == true)
    #expect(
      message { _ = try fourth.unsigned("the size") }
        == "the encoding of the size: expected a varint, found a length and bytes at byte 117")
    #expect(try reader.next() == nil)
  }

  @Test func nestedMessagesEndWhereTheySay() throws {
    // 1: { 2: 7, 3: "a" }, 4: 9
    let bytes: [UInt8] = [0x0A, 5, 0x10, 7, 0x1A, 1, 0x61, 0x20, 9]
    var reader = ProtobufReader(bytes, path: "message")
    let field = try #require(try reader.next())
    let inner = try reader.message(field, "it") { (reader) throws(FileError) in
      // Leaves the second field unread: the outer message goes on behind it all the same.
      try reader.next().map { ($0.number, $0.value) }
    }
    #expect(inner?.0 == 2)
    #expect(inner?.1 == .varint(7))
    let last = try reader.next()
    #expect(last?.number == 4)
    #expect(try reader.next() == nil)

    // A nested number that runs past its message must not take bytes of the outer one.
    var torn = ProtobufReader([0x0A, 2, 0x10, 0x80, 0x01, 0x20, 9], path: "message")
    let outer = try #require(try torn.next())
    #expect(throws: FileError.self) {
      try torn.message(outer, "it") { (reader) throws(FileError) in try reader.next() }
    }
  }

  @Test func repeatedNumbersArePackedOrNot() throws {
    var reader = ProtobufReader([0x0A, 3, 1, 0x80, 0x01, 0x08, 5], path: "message")
    var numbers: [UInt64] = []
    while let field = try reader.next() {
      try reader.varints(field, "it") { (number) throws(FileError) in numbers.append(number) }
    }
    #expect(numbers == [1, 128, 5])
    var torn = ProtobufReader([0x0A, 1, 0x80, 0x01], path: "message")
    let field = try #require(try torn.next())
    #expect(throws: FileError.self) { try torn.varints(field, "it") { _ in } }
  }

  @Test func brokenMessagesAreRefused() {
    #expect(message { _ = try fields([0x0B]) } == "a protobuf group is not supported at byte 0")
    #expect(message { _ = try fields([0x0C]) }?.contains("group") == true)
    #expect(message { _ = try fields([0x0E]) }?.contains("wire type 6") == true)
    #expect(message { _ = try fields([0x00]) }?.contains("field number 0") == true)
    #expect(
      message {
        _ = try fields([0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01])
      }?
      .contains("the file ends inside a field") == true)
    #expect(
      message { _ = try fields([0x08] + [UInt8](repeating: 0xFF, count: 9) + [0x02]) }
        == "a field's value is a number of more than 64 bits at byte 1")
    #expect(throws: FileError.self) { try fields([0x11, 1, 2, 3]) }
    #expect(throws: FileError.self) { try fields([0x1D, 1]) }
    #expect(throws: FileError.self) { try fields([0x08]) }
  }

  @Test func nestingIsBounded() throws {
    var bytes: [UInt8] = []
    for _ in 0..<150 {
      var length: [UInt8] = []
      var count = bytes.count
      repeat {
        length.append(UInt8(count & 0x7F) | (count > 0x7F ? 0x80 : 0))
        count >>= 7
      } while count > 0
      bytes = [0x0A] + length + bytes
    }
    func descend(_ reader: inout ProtobufReader) throws(FileError) {
      while let field = try reader.next() {
        try reader.message(field, "it") { (reader) throws(FileError) in try descend(&reader) }
      }
    }
    var reader = ProtobufReader(bytes, path: "message")
    #expect(
      message { try descend(&reader) }?.hasPrefix("the nesting of messages is 101") == true)
  }

  @Test func aFieldStatedTwiceIsNoticed() throws {
    var once = ProtobufOnce()
    let both = try fields([0x08, 1, 0x08, 2])
    try once.check(both[0], "the size")
    #expect(message { try once.check(both[1], "the size") } == "the size is stated twice at byte 2")
  }
}
