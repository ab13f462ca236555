import AlbertBytes
import Testing

@testable import AlbertArchives

@Suite struct ProtobufMessageTests {
  @Test func everyWireTypeIsWritten() {
    var inner = ProtobufMessage()
    inner.add(1, 7)
    var message = ProtobufMessage()
    message.add(1, 150)
    message.add(2, Float(1))
    message.add(3, "hi")
    message.add(4, inner)
    message.add(16, 0)
    #expect(
      message.bytes == [
        0x08, 0x96, 0x01,  // the example of protobuf's own documentation
        0x15, 0, 0, 0x80, 0x3F,  // the bits of 1.0
        0x1A, 2, 0x68, 0x69,
        0x22, 2, 0x08, 7,
        0x80, 0x01, 0,  // field 16 takes two bytes
      ])
    #expect(message.byteCount == message.bytes.count)
    #expect(message.gapRanges.isEmpty)
  }

  @Test func negativeNumbersTakeTenBytes() throws {
    var message = ProtobufMessage()
    message.add(1, -1)
    #expect(message.bytes.count == 11)
    var reader = ProtobufReader(message.bytes, path: "message")
    #expect(try reader.next()?.signed("it") == -1)
  }

  /// Lengths count gaps at every depth, so that the filled message reads as if it had been whole.
  @Test func gapsLieWhereTheyAreSaidTo() throws {
    var inner = ProtobufMessage()
    inner.add(1, "a")
    inner.add(2, gap: 300)
    inner.add(3, gap: 0)
    var outer = ProtobufMessage()
    outer.add(1, "before")
    outer.add(2, inner)
    outer.add(2, inner)
    outer.add(3, "behind")
    let ranges = outer.gapRanges
    #expect(ranges.map(\.count) == [300, 0, 300, 0])

    let sink = TilingSink(count: outer.byteCount)
    try outer.write(to: sink)
    for (index, range) in ranges.enumerated() {
      sink.write([UInt8](repeating: UInt8(index + 1), count: range.count), at: range.lowerBound)
    }
    #expect(sink.isTiled)

    var reader = ProtobufReader(sink.bytes, path: "message")
    #expect(try reader.next().map { try reader.string($0, "it") } == "before")
    for mark in [1, 3] as [UInt8] {
      let field = try #require(try reader.next())
      let content = try reader.message(field, "it") { (reader) throws(FileError) in
        _ = try reader.next()
        let gap = try reader.next()
        let content = try gap.map { (gap) throws(FileError) in try reader.bytes(gap, "it") }
        let empty = try reader.next()
        return (content, try empty?.range("it").count)
      }
      #expect(content.0 == [UInt8](repeating: mark, count: 300))
      #expect(content.1 == 0)
    }
    #expect(try reader.next().map { try reader.string($0, "it") } == "behind")
  }
}
