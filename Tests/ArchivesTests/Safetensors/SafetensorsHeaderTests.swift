import AlbertArchives
import AlbertBytes
import AlbertTensors
import AlbertTestSupport
import Testing

@Suite struct SafetensorsHeaderTests {
  private let tensors = [
    TensorDescription(name: "a\"b", type: .float32, shape: Shape([2, 3])),
    TensorDescription(name: "é", type: .bfloat16, shape: Shape([])),
    TensorDescription(name: "none", type: .int8, shape: Shape([0, 7])),
    TensorDescription(name: "z", type: .uint8, shape: Shape([5])),
  ]

  @Test func laysOutInOrderAndPads() throws {
    let header = try SafetensorsHeader(
      layingOut: tensors, metadata: [("format", "pt"), ("n", "1")], path: "out")
    let text = """
      {"__metadata__":{"format":"pt","n":"1"},\
      "a\\"b":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},\
      "é":{"dtype":"BF16","shape":[],"data_offsets":[24,26]},\
      "none":{"dtype":"I8","shape":[0,7],"data_offsets":[26,26]},\
      "z":{"dtype":"U8","shape":[5],"data_offsets":[26,31]}}
      """
    let written = String(decoding: header.text, as: UTF8.self)
    #expect(written.hasPrefix(text))
    #expect(written.dropFirst(text.count).allSatisfy { $0 == " " })
    #expect(header.dataStart % 8 == 0)
    #expect(header.text.count - text.utf8.count < 8)
    #expect(header.fileSize == header.dataStart + 31)
    #expect(header.bytes.count == header.dataStart)
    #expect(header.place(of: header.entries[3]) == header.dataStart + 26..<header.fileSize)
  }

  @Test(arguments: [1, 8, 64, 4096, 16384]) func startsTheDataWhereAsked(_ alignment: Int) throws {
    let header = try SafetensorsHeader(layingOut: tensors, alignment: alignment, path: "out")
    #expect(header.dataStart % alignment == 0)
    let scratch = try Scratch()
    let file = try scratch.file(header.bytes + [UInt8](repeating: 0, count: 31))
    #expect(try SafetensorsHeader(file) == header)
  }

  /// What the `safetensors` library wrote for the same tensors, byte for byte.
  @Test(arguments: 1...5) func writesWhatTheLibraryWrites(_ shard: Int) throws {
    let file = try SourceFile(
      Fixture.path("safetensors/sharded/model-0000\(shard)-of-00005.safetensors"))
    let header = try SafetensorsHeader(file)
    let again = try SafetensorsHeader(
      layingOut: header.entries.map(\.tensor), metadata: [("format", "pt")], path: "out")
    #expect(again == header)
    #expect(try file.bytes(at: 0, count: header.dataStart) == again.bytes)
  }

  @Test func refusesToWriteWhatTheFormatCannotSay() {
    let twice = [tensors[0], tensors[0]]
    #expect(
      failure { try SafetensorsHeader(layingOut: twice, path: "out") }.hasPrefix(
        "out: the name occurs twice in tensor 'a\"b'"))
    let opaque = [TensorDescription(name: "s", type: .opaque, shape: Shape([1]))]
    #expect(
      failure { try SafetensorsHeader(layingOut: opaque, path: "out") }
        == "out: safetensors has no word for its element type in tensor 's'; leave the tensor out")
    let reserved = [TensorDescription(name: "__metadata__", type: .int8, shape: Shape([1]))]
    #expect(failure { try SafetensorsHeader(layingOut: reserved, path: "out") } != "no error")
  }
}
