import AlbertArchives
import AlbertBytes
import AlbertJSON
import AlbertTensors
import AlbertTestSupport
import SystemPackage
import Testing

@Suite struct ONNXArchiveTests {
  private static let files = [
    "every-type.onnx", "unpacked.onnx", "external.onnx", "functions.onnx", "quantized.onnx",
  ]

  /// Files that the onnx package wrote, against the arrays that went in (for `quantized.onnx`: what
  /// onnxruntime computes from them).
  @Test(arguments: files) func readsWhatWasWritten(_ name: String) throws {
    let archive = try ArchiveRegistry.open(Fixture.path("onnx/\(name)"))
    #expect(archive.format == "onnx")
    let truth = try #require(try Truth.document("onnx/truth.json")[name])
    #expect(Set(archive.tensors.map(\.name)) == Set((truth.members ?? []).map(\.key)))
    for tensor in archive.tensors {
      let expected = try #require(truth[tensor.name])
      #expect(tensor.type.rawValue == expected["type"]?.string, "\(tensor.name)")
      #expect(tensor.shape.dimensions == expected["shape"]?.elements?.compactMap(\.integer))
      if tensor.type != .opaque {
        #expect(try archive.sha256(of: tensor.name) == expected["sha256"]?.string, "\(tensor.name)")
      }
    }
    try archive.finish()
  }

  /// What PyTorch's exporter left under its own names are the weights, bit for bit.
  @Test func readsARealExport() throws {
    let archive = try ArchiveRegistry.open(Fixture.path("onnx/tiny-a.onnx"))
    let truth = try Truth.tinyA()
    var named = 0
    for tensor in archive.tensors where !tensor.name.hasPrefix("onnx::") {
      #expect(try archive.sha256(of: tensor.name) == truth[tensor.name], "\(tensor.name)")
      named += 1
    }
    #expect(named == 24)
    #expect(archive.tensors.count == 33)
    #expect(archive.metadata["onnx.ir_version"] == "7")
    #expect(archive.metadata["onnx.opset"] == "14")
    #expect(archive.metadata["onnx.producer"] == "pytorch 2.2.2")
    #expect(archive.notes.isEmpty)

    let graph = try #require(archive.graph)
    #expect(graph.inputs == ["input_ids", "attention_mask", "token_type_ids"])
    #expect(graph.outputs.count == 4)
    let gather = try #require(
      graph.consumers(of: "albert.embeddings.word_embeddings.weight").first.map { graph.nodes[$0] })
    #expect(gather.operation == "Gather")
    #expect(gather.input(1) == "input_ids")
    let pooler = try #require(
      graph.consumers(of: "albert.pooler.weight").first.map { graph.nodes[$0] })
    #expect(pooler.integer("transB") == 1)
    #expect(graph.producer(of: "pooler_output")?.operation == "Tanh")
  }

  @Test func textAndConstantsAreKept() throws {
    let archive = try ArchiveRegistry.open(Fixture.path("onnx/every-type.onnx"))
    #expect(archive.metadata["model"] == "small")
    #expect(archive.metadata["onnx.opset"] == "17, com.microsoft 1")
    #expect(
      failure { try archive.sha256(of: "strings") }.hasSuffix(
        "ONNX's element type 8 is not supported in tensor 'strings'; "
          + "save the model again in another supported format"))
    #expect(failure { try archive.sha256(of: "absent") }.contains("tensor 'absent' is missing"))
    let graph = try #require(archive.graph)
    #expect(graph.constants["axes"]?.integers == [-1, 2])
    #expect(graph.constants["eps"]?.scalar == 0.5)
    #expect(graph.constants["scalar"]?.scalar == 2.5)
    #expect(graph.nodes.map(\.operation) == ["Identity"])
  }

  @Test func functionsAreExpanded() throws {
    let archive = try ArchiveRegistry.open(Fixture.path("onnx/functions.onnx"))
    let graph = try #require(archive.graph)
    #expect(
      graph.nodes.map(\.operation) == ["MatMul", "Add", "Mul", "MatMul", "Add", "Mul", "If", "Add"])
    #expect(graph.nodes[0].inputs == ["x", "w"])
    #expect(graph.nodes[0].name == "layer0/first/product")
    #expect(graph.nodes[2].outputs == ["u"])
    #expect(graph.nodes[3].inputs == ["u", "w"])
    let factor = try #require(graph.nodes[5].input(1))
    #expect(graph.constants[factor]?.scalar == 0.25)
    #expect(
      archive.notes.map(\.message) == [
        "left out 2 tensors inside the bodies of conditions and loops"
      ])
  }

  @Test func dequantisationIsReported() throws {
    let archive = try ArchiveRegistry.open(Fixture.path("onnx/quantized.onnx"))
    #expect(archive.notes.map(\.code) == ["dequantized", "not-dequantized"])
    #expect(archive.notes[0].message.hasPrefix("5 tensors are stored as integers"))
    #expect(archive.notes[1].tensor == "q6")
    #expect(archive.graph?.constants["q1"]?.tensor.type == .float32)
  }

  @Test func dataOutsideTheFolderAreNotRead() throws {
    let bytes = try Fixture.bytes("onnx/external.onnx")
    let data = try Fixture.bytes("onnx/external.data")
    let scratch = try Scratch()
    func open(_ location: String) throws -> any TensorArchive {
      let changed = bytes.replacing(Array("external.data".utf8), with: Array(location.utf8))
      return try ArchiveRegistry.open(try scratch.write(changed, "model.onnx"))
    }
    // Names of the same length, so that the message around them stays whole.
    #expect(failure { try open("/external.dat") }.contains("not inside the model's own folder"))
    #expect(failure { try open("../xternal.da") }.contains("not inside the model's own folder"))
    #expect(
      failure { try open("external.data") }.hasSuffix(
        "'external.data', which holds the data of some tensors, is missing; "
          + "put that file beside it: the model is made of both"))
    try scratch.write(Array(data.dropLast()), "external.data")
    #expect(
      failure { try open("external.data") }.contains(
        "the file ends inside the tensor's data: 56 bytes expected, 55 found in tensor 'b'"))
    try scratch.write(data, "external.data")
    let archive = try open("external.data")
    #expect(archive.files.map(\.name) == ["model.onnx", "external.data"])
    try archive.readAll()
    try scratch.overwrite("external.data", data + [0])
    #expect(failure { try archive.finish() }.contains("changed while it was being read"))
  }

  @Test func aModelWithoutItsEndingIsRecognised() throws {
    let scratch = try Scratch()
    let path = try scratch.write(Fixture.bytes("onnx/unpacked.onnx"), "model")
    #expect(try ArchiveRegistry.open(path).format == "onnx")
    // A SavedModel begins with the same byte, but holds no graph where ONNX has it.
    let other = try scratch.write([0x08, 0x01, 0x12, 0x00], "saved_model")
    #expect(failure { try ArchiveRegistry.open(other) }.contains("no supported format"))
  }

  /// Exporters keep data in files whose endings elsewhere mean a checkpoint.
  @Test func dataBesideAModelIsNoCheckpoint() throws {
    let bytes = try Fixture.bytes("onnx/external.onnx")
    let scratch = try Scratch()
    let renamed = bytes.replacing(Array("external.data".utf8), with: Array("externals.bin".utf8))
    try scratch.write(renamed, "model.onnx")
    try scratch.write(Fixture.bytes("onnx/external.data"), "externals.bin")
    let archive = try ArchiveRegistry.open(scratch.folder)
    #expect(archive.format == "onnx")
    #expect(archive.files.map(\.name) == ["model.onnx", "externals.bin"])
    // With nothing better in the folder, what is wrong with the file is said.
    let alone = try Scratch()
    try alone.write([1, 2, 3], "pytorch.bin")
    #expect(failure { try ArchiveRegistry.open(alone.folder) }.contains("pytorch.bin"))
  }

  @Test func onnxruntimesOwnFormatIsNamed() throws {
    let scratch = try Scratch()
    let path = try scratch.write([0x20, 0, 0, 0] + Array("ORTM".utf8) + [0, 0], "model.ort")
    #expect(
      failure { try ArchiveRegistry.open(path) }.hasSuffix(
        "this is a model in onnxruntime's own format, which is not read; name "
          + "the .onnx file that it was made from"))
  }

  /// onnxruntime's optimiser packs the three matrices of an attention side by side.
  @Test func packedAttentionIsTakenApart() throws {
    let archive = try ArchiveRegistry.open(Fixture.path("onnx/packed.onnx"))
    let truth = try #require(try Truth.document("onnx/truth.json")["packed.onnx"])
    #expect(Set(archive.tensors.map(\.name)) == Set((truth.members ?? []).map(\.key)))
    for tensor in archive.tensors {
      let expected = try #require(truth[tensor.name])
      #expect(tensor.shape.dimensions == expected["shape"]?.elements?.compactMap(\.integer))
      #expect(try archive.sha256(of: tensor.name) == expected["sha256"]?.string, "\(tensor.name)")
    }
    let graph = try #require(archive.graph)
    #expect(
      graph.nodes.map(\.operation) == [
        "MatMul", "Add", "MatMul", "Add", "MatMul", "Add", "Attention",
      ])
    #expect(graph.nodes.last?.integer("q_num_heads") == 2)
    #expect(graph.nodes.last?.outputs == ["y"])
  }

  /// So does onnxsim, with a product and a split in their place.
  @Test func packedProductsAreTakenApart() throws {
    let folder = PackageFiles.fixtures.appending("graphs")
    let graph = try #require(
      try ArchiveRegistry.open(folder.pushing(FilePath("simplified.onnx"))).graph)
    #expect(!graph.nodes.contains { $0.operation == "Split" })
    let parts = graph.constants.keys.filter { $0.hasSuffix("[1]") }
    try #require(parts.count == 1)
    let user = try #require(graph.consumers(of: parts[0]).first)
    #expect(graph.nodes[user].operation == "MatMul")
    #expect(graph.constants[parts[0]]?.tensor.shape.dimensions == [16, 16])
  }
}
