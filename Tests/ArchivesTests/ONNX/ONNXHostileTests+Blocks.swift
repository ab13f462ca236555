import AlbertArchives
import AlbertBytes
import AlbertTensors
import AlbertTestSupport
import SystemPackage
import Testing

/// Matrices of few bits: what does not fit is left as it is and said, and nothing traps.
extension ONNXHostileTests {
  /// A `MatMulNBits` over the tensor `b` of `bytes` bytes, as a container.
  private func product(
    bits: Int? = 4, inputs: Int = 32, outputs: Int = 2, block: Int = 16, bytes: Int = 32,
    scales: Int = 4, zeros: Int? = nil, groups: Bool = false, castTo code: Int? = nil
  ) throws -> any TensorArchive {
    func tensor(_ name: String, _ count: Int, type: Int, size: Int) -> [UInt8] {
      field(1, count) + field(2, type) + field(8, name)
        + field(9, [UInt8](repeating: 0x3F, count: count * size))
    }
    func attribute(_ name: String, _ value: Int) -> [UInt8] {
      field(5, field(1, name) + field(3, value) + field(20, 2))
    }
    var initializers = [
      tensor("b", bytes, type: 2, size: 1), tensor("s", scales, type: 1, size: 4),
    ]
    if let zeros { initializers.append(tensor("z", zeros, type: 2, size: 1)) }
    if groups { initializers.append(tensor("g", 32, type: 6, size: 4)) }
    let names = ["x", "b", "s", zeros == nil ? "" : "z"] + (groups ? ["g"] : [])
    let node =
      names.flatMap { field(1, $0) } + field(2, "y") + field(4, "MatMulNBits")
      + field(7, "com.microsoft") + (bits.map { attribute("bits", $0) } ?? [])
      + attribute("K", inputs) + attribute("N", outputs) + attribute("block_size", block)
    var nodes = field(1, node)
    if let code {
      // What onnxruntime writes of scales of float16 where it computes in Float32.
      initializers[1] = tensor("half", scales, type: 10, size: 2)
      nodes =
        field(1, field(1, "half") + field(2, "s") + field(4, "Cast") + attribute("to", code))
        + nodes
    }
    let graph = nodes + initializers.flatMap { field(5, $0) }
    let scratch = try Scratch()
    let path = try scratch.write(field(1, 8) + field(7, graph), "model.onnx")
    let archive = try ArchiveRegistry.open(path)
    try archive.readAll()
    return archive
  }

  private func matrix(_ archive: any TensorArchive) -> TensorDescription? {
    archive.tensors.first { $0.name == "b" }
  }

  @Test func blocksThatFitAreNumbers() throws {
    for archive in [try product(), try product(bits: nil), try product(zeros: 2)] {
      #expect(matrix(archive)?.type == .float32)
      #expect(matrix(archive)?.shape.dimensions == [2, 32])
    }
    #expect(matrix(try product(bits: 8, bytes: 64))?.type == .float32)
    #expect(matrix(try product(bits: 2, bytes: 16))?.type == .float32)
  }

  /// Scales that are cast to Float32 are the numbers that they were; cast to another type they are others.
  @Test func scalesAreReadThroughACast() throws {
    #expect(matrix(try product(castTo: 1))?.type == .float32)
    #expect(matrix(try product(castTo: 16))?.type == .uint8)
    #expect(matrix(try product(castTo: 6))?.type == .uint8)
  }

  @Test func blocksThatDoNotFitAreLeftAlone() throws {
    let archives = [
      // Bits that onnxruntime does not compute with.
      try product(bits: 3, bytes: 24), try product(bits: 5, bytes: 40),
      try product(bits: 6, bytes: 48), try product(bits: 7, bytes: 56), try product(bits: 0),
      try product(bits: 9), try product(bits: -4), try product(bits: 1 << 40),
      // Sizes that are none, or not of this tensor.
      try product(inputs: 0), try product(inputs: -32), try product(inputs: 1 << 62),
      try product(inputs: 48), try product(outputs: 0), try product(outputs: -1),
      try product(outputs: 1 << 62), try product(block: 0), try product(block: -16),
      try product(block: 12), try product(block: 1 << 40), try product(block: 8),
      try product(bytes: 31), try product(scales: 3), try product(scales: 5),
      try product(zeros: 1), try product(zeros: 3),
      // Blocks that are looked up.
      try product(groups: true), try product(zeros: 2, groups: true),
    ]
    for (index, archive) in archives.enumerated() {
      #expect(matrix(archive)?.type == .uint8, "\(index)")
      #expect(archive.notes.contains { $0.code == "not-dequantized" && $0.tensor == "b" })
    }
  }

  /// bitsandbytes' blocks of 16 numbers begin anywhere in a row, others with one.
  @Test func saysHowManyRowsAScaleReachesOver() throws {
    let folder = PackageFiles.fixtures.pushing("publishers/found")
    func rows(_ name: String) throws -> Set<Int> {
      let archive = try ArchiveRegistry.open(folder.appending(name).appending("model.onnx"))
      let constants = try #require(archive.graph).constants.values
      return Set(constants.filter { $0.bits == 4 }.map(\.rowsPerScale))
    }
    #expect(try rows("onnx-nf4") == [4, 3, 2])
    #expect(try rows("onnx-q4") == [1])
    #expect(try product(block: 1 << 40).graph?.constants["b"]?.rowsPerScale == 1)
  }

  @Test(arguments: [
    "onnx-q4-zero-points-gather", "onnx-q4-qdq", "onnx-nf4", "onnx-q8-zero-points", "onnx-q2",
  ]) func changedModelsOfBlocksNeverTrap(_ name: String) throws {
    let folder = PackageFiles.fixtures.pushing("publishers/found")
    let names = try Folder.names(in: folder.appending(name))
    let model = try #require(names.first { $0.string.hasSuffix(".onnx") })
    let file = try SourceFile(folder.appending(name).appending(model))
    let bytes = try file.bytes(at: 0, count: file.size)
    let scratch = try Scratch()
    // Graph and names lie before the tensors' bytes, most of which are alike.
    let places =
      Array(stride(from: 0, to: bytes.count, by: bytes.count / 60 + 1))
      + Array(stride(from: 1, to: min(bytes.count, 6000), by: 61))
    for (index, place) in places.enumerated() {
      var damaged = bytes
      damaged[place] ^= [0x01, 0x08, 0x80, 0xFF][index % 4]
      let path = try scratch.write(damaged, "model.onnx")
      do { try ArchiveRegistry.open(path).readAll() } catch is FileError {}
    }
  }
}
