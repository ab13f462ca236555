import AlbertArchitecture
import AlbertBytes
import SystemPackage
import AlbertTensors
import Testing

@testable import AlbertNativeFormat

@Suite struct NativeFileTests {
  @Test func whatWasWrittenIsReadInPlace() throws {
    let file = try ScratchFile()
    try SmallModel.write(to: file.path)
    let model = try NativeModel(file.path)
    #expect(model.config == SmallModel.config)
    #expect(model.contents == .preTraining)
    #expect(model.header.source == SmallModel.source)
    for (index, place) in model.header.layout.places.enumerated() {
      let stored = model.withBytes(of: place) { span in
        (0..<span.byteCount).map { span.element($0) as UInt8 }
      }
      #expect(stored == SmallModel.content(place.tensor, index: index))
    }
    #expect(try model.check().isEmpty)
  }

  @Test func theSameModelGivesTheSameBytes() throws {
    let first = try ScratchFile()
    let second = try ScratchFile()
    try SmallModel.write(to: first.path)
    try SmallModel.write(to: second.path)
    let (a, b) = (try first.bytes, try second.bytes)
    #expect(a == b)
  }

  @Test func dataStartsOnALargePageWithTheLeastPadding() throws {
    let file = try ScratchFile()
    try SmallModel.write(to: file.path)
    let bytes = try file.bytes
    let length = (0..<8).reduce(0) { $0 | Int(bytes[$1]) << (8 * $1) }
    #expect((length + 8).isMultiple(of: 16384))
    let padding = bytes[8..<8 + length].reversed().prefix { $0 == 0x20 }.count
    #expect(padding < 16384)
    #expect(bytes[8] == UInt8(ascii: "{"))
  }

  @Test func tensorsLieByFallingAlignmentThenByUse() {
    let layout = NativeLayout(inOrderOfUse: SmallModel.tensors(.preTraining))
    let alignments = layout.places.map { min(64, $0.range.count & -$0.range.count) }
    #expect(alignments == alignments.sorted(by: >))
    var end = 0
    for place in layout.places {
      #expect(place.range.lowerBound == end)
      #expect(place.range.lowerBound % min(64, place.range.count & -place.range.count) == 0)
      end = place.range.upperBound
    }
    let names = layout.places.map(\.tensor.name)
    let query = names.firstIndex { $0.hasSuffix("query.weight") } ?? 0
    #expect(names[query + 1].hasSuffix("key.weight"))
    #expect(names[query + 2].hasSuffix("value.weight"))
  }

  @Test(arguments: [ElementType.float16, .bfloat16])
  func halfTypesKeepTheirType(_ type: ElementType) throws {
    let file = try ScratchFile()
    try SmallModel.write(to: file.path, contents: .maskedLM, type: type)
    let model = try NativeModel(file.path)
    #expect(model.elementType(of: Parameter(.ffnWeight)) == type)
    #expect(try model.check().isEmpty)
  }

  @Test func contentOfAnotherSizeIsRefused() throws {
    let tensors = SmallModel.tensors(.backbone)
    let layout = NativeFileLayout(
      config: SmallModel.config, contents: .backbone, tensors: tensors, source: SmallModel.source,
      tool: "test 1")
    let sink = try MemorySink(count: layout.byteCount)
    #expect(throws: FileError.self) {
      _ = try layout.write(0, "t", to: sink, path: "") { (body) throws(FileError) in
        try unsafe body([UInt8](repeating: 0, count: 4).span.bytes)
      }
    }
  }
}
