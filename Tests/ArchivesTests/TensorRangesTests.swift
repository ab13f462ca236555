import AlbertArchives
import AlbertBytes
import AlbertTensors
import AlbertTestSupport
import Testing

/// What a few wrong bytes in an offset do where no checksum holds them.
@Suite struct TensorRangesTests {
  /// What opening a model says whose tensors of 10 numbers lie at `offsets` in a file beside it.
  private func notes(_ offsets: [Int], size: Int = 20_000, count: Int = 10) throws -> [ArchiveNote]
  {
    let onnx = ONNXHostileTests()
    func external(_ key: String, _ value: String) -> [UInt8] {
      onnx.field(13, onnx.field(1, key) + onnx.field(2, value))
    }
    let tensors = offsets.enumerated().flatMap { index, offset in
      let tensor =
        onnx.field(1, count) + onnx.field(2, 1) + onnx.field(8, "t\(index)")
        + external("location", "model.data") + external("offset", "\(offset)")
        + external("length", "\(4 * count)") + onnx.field(14, 1)
      return onnx.field(5, tensor)
    }
    let scratch = try Scratch()
    try scratch.write([UInt8](repeating: 0, count: size), "model.data")
    let path = try scratch.write(onnx.field(1, 8) + onnx.field(7, tensors), "model.onnx")
    let archive = try ArchiveRegistry.open(path)
    try archive.readAll()
    return archive.notes
  }

  /// One after the other, aligned, with a tensor that is gone, and two names of one tensor.
  @Test(arguments: [
    [0, 40, 80], [0, 4096, 8192], [80, 0, 40], [0, 80, 120], [0, 0, 40], [4, 44],
    [0, 40, 4096, 4236],
  ]) func whatWritersDoIsNoFault(_ offsets: [Int]) throws {
    #expect(try notes(offsets).isEmpty)
  }

  @Test func offsetsThatAreOffAreNamed() throws {
    let overlapping = try notes([0, 36, 80])
    #expect(overlapping.map(\.code) == ["data-overlaps"])
    #expect(overlapping.map(\.severity) == [.warning])
    #expect(
      overlapping.first?.message
        == "the data of 't0' and 't1' overlap by 4 bytes (they lie at 0–40 and 36–76), so that one of them "
        + "is not read from where it is")
    #expect(try notes([0, 44, 80]).first?.message.contains("'t1' and 't2' overlap by 4") == true)
    #expect(
      try notes([0, 42, 82]).map(\.message) == [
        "the data of 't1' begin at byte 42, where no other tensor ends and which is no multiple of the "
          + "4 bytes of its elements"
      ])
    #expect(
      try notes([0, 4100, 8192]).map(\.message) == [
        "the data of 't1' begin at byte 4100, where no other tensor ends and which is 4 bytes off a "
          + "multiple of 4096, to which others are aligned"
      ])
  }

  @Test func manyAreCounted() throws {
    let found = try notes(Array(0..<8).map { $0 * 36 })
    #expect(found.count == 5)
    #expect(found.last?.message == "the same is so of 3 more tensors")
  }
}
