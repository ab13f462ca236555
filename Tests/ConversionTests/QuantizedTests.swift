import AlbertBytes
import AlbertConversion
import AlbertReading
import AlbertTensors
import AlbertTestSupport
import SystemPackage
import Testing

/// What is told of quantised checkpoints, those that are read and those that are not.
///
/// The numbers themselves are held against the quantisers' own by `FoundFilesTests`.
@Suite struct QuantizedTests {
  @Test(arguments: [
    ("bnb-nf4", "bitsandbytes (4 bits)", "bfloat16"),
    ("bnb-nf4-double", "bitsandbytes (4 bits)", "float32"),
    ("bnb-fp4", "bitsandbytes (4 bits)", "float16"),
    ("bnb-int8", "bitsandbytes (8 bits)", "float32"), ("torchao-int8", "torchao", "float32"),
    ("torchao-int4", "torchao", "bfloat16"),
    ("torch-dynamic", "PyTorch (quantize_dynamic)", "float32"),
    ("torch-dynamic-embeddings", "PyTorch (quantize_dynamic)", "float32"),
    ("mlx-4bit", "MLX", "float16"),
  ]) func saysWhichQuantizer(_ name: String, _ title: String, _ type: String) throws {
    let inspection = try Fixtures.inspect("found/\(name)")
    let message = inspection.findings.first { $0.code == "dequantized" }?.message ?? ""
    #expect(
      message.hasSuffix(
        " matrices were quantised by \(title); they are read as the \(type) numbers that it computes "
          + "with"), "\(message)")
    #expect(!inspection.findings.contains { $0.code == "config-unknown-key" })
  }

  /// PyTorch's layers of integers round their inputs, its tables of embeddings have none.
  @Test(arguments: [
    ("torch-dynamic", true), ("torch-dynamic-embeddings", true), ("bnb-nf4", false),
  ])
  func saysWhoseActivationsAreRounded(_ name: String, _ isTold: Bool) throws {
    let inspection = try Fixtures.inspect("found/\(name)")
    #expect(inspection.findings.contains { $0.code == "activations-quantized" } == isTold)
  }

  @Test func torchAOsTensorsInAPickleAreTold() throws {
    let inspection = try Fixtures.inspect("found/torchao-pickle")
    #expect(
      inspection.findings.filter { $0.code == "dequantized" }.map(\.message) == [
        "4 matrices were quantised by torchao; they are read as the float32 numbers that its dequantize "
          + "gives"
      ])
  }

  private static let remedy =
    "; convert the model that was quantised, or load this one with the library that wrote it, turn "
    + "its matrices back into float32 and save them"

  @Test(arguments: [
    ("qweight", "AWQ or GPTQ", ElementType.int32), ("g_idx", "GPTQ", .int32),
    ("weight_packed", "compressed-tensors", .int32), ("W_q", "HQQ", .uint8),
    ("weight_scale_inv", "FP8 with scales of blocks", .float32),
    ("weight._data", "Quanto", .int8), ("weight._data._data", "Quanto", .uint8),
  ]) func namesOthersByTheirTensors(_ ending: String, _ title: String, _ type: ElementType) throws {
    let scratch = try Scratch()
    let path = try scratch.writeSafetensors([
      TensorDescription(name: "albert.pooler.\(ending)", type: type, shape: Shape([4]))
    ])
    #expect(
      failure { try Inspection.open(path, Fixtures.options()) }.hasSuffix(
        "the weights were quantised by \(title), which is not read: there is "
          + "'albert.pooler.\(ending)' [4]" + Self.remedy))
  }

  /// A whole model of Quanto 0.2.7's in a pickle, whose tensors are a class of its own.
  @Test func namesTheQuantizerOfATensorsClass() throws {
    let inspection = try Fixtures.inspect("readings/quanto-whole")
    let errors = inspection.findings.filter { $0.severity == .error }.map(\.sentence)
    #expect(errors.count == 1)
    let error = try #require(errors.first)
    #expect(
      error.hasPrefix(
        "cannot be read, being quantised by Quanto (WeightQBytesTensor): "
          + "albert.encoder.embedding_hidden_mapping_in.weight, "), "\(error)")
    #expect(error.hasSuffix(Self.remedy), "\(error)")
  }

  /// What a quantiser's own code could not read either.
  @Test(arguments: [
    (
      ["weight.quant_state.bitsandbytes__nf4", "weight"],
      "bitsandbytes (4 bits), and 'quant_state' does not say shape, block size and type"
    ),
    (["SCB", "weight"], "bitsandbytes (8 bits), and there is not an integer for each element"),
    (
      ["weight.absmax"],
      "bitsandbytes without the state of its matrices, which is not read: there is "
        + "'albert.pooler.weight.absmax' [4]"
    ),
  ]) func namesWhatIsDamaged(_ endings: [String], _ message: String) throws {
    let scratch = try Scratch()
    let path = try scratch.writeSafetensors(
      endings.map {
        TensorDescription(name: "albert.pooler.\($0)", type: .uint8, shape: Shape([4]))
      })
    let error = failure { try Inspection.open(path, Fixtures.options()) }
    #expect(error.contains("the weights were quantised by " + message), "\(error)")
    #expect(error.hasSuffix(Self.remedy))
  }

  /// Without a config nothing says how MLX cut the rows; the remedy, followed.
  @Test func bitsOfMLXAreStated() throws {
    let source = Fixtures.folder.pushing("found/mlx-4bit")
    let scratch = try Scratch()
    let weights = try SourceFile(source.appending("model.safetensors"))
    let path = try scratch.write("model.safetensors", weights.bytes(at: 0, count: weights.size))
    let error = failure { try Inspection.open(path, Fixtures.options()) }
    #expect(
      error.contains(
        "the weights were quantised by MLX, and no config says 'quantization', and MLX's usual 4 bits "
          + "in groups of 64 do not fit"), "\(error)")
    #expect(
      error.contains(
        #"state both in the config as "quantization": {"group_size": G, "bits": B},"#))
    let stated = try Inspection.open(
      path, Fixtures.options(config: source.appending("config.json")))
    #expect(stated.isUsable)
  }

  @Test func modesWithoutBiasesAreNamed() throws {
    let scratch = try Scratch()
    let path = try scratch.writeSafetensors([
      TensorDescription(name: "albert.pooler.weight", type: .uint32, shape: Shape([4, 4])),
      TensorDescription(name: "albert.pooler.scales", type: .uint8, shape: Shape([4, 1])),
    ])
    try scratch.write("config.json", text: #"{"quantization": {"mode": "mxfp4"}}"#)
    let error = failure { try Inspection.open(path, Fixtures.options()) }
    #expect(
      error.contains(
        "quantised by MLX, and its mode 'mxfp4' has no biases, which is not read here, in tensor"))
  }

  /// Packed integers have other shapes than the config's, which is right all the same.
  @Test(arguments: ["int8", "int4"]) func kerasIntegersAreNamed(_ type: String) throws {
    let error = failure { try Fixtures.inspect("found/keras3-\(type)") }
    #expect(
      error.contains("the weights were quantised by Keras (quantize), which is not read: there is ")
    )
    #expect(error.hasSuffix(Self.remedy))
  }

  @Test func partsOfACheckpointAreReadByTheirNames() throws {
    for name in ["sharded-no-index", "torch-shards-no-index"] {
      let inspection = try Fixtures.inspect("found/\(name)")
      #expect(inspection.findings.contains { $0.code == "shards-without-index" })
      #expect(inspection.archive.files.count > 1)
    }
  }

  @Test func missingPartsAreNamed() throws {
    let scratch = try Scratch()
    let tensor = TensorDescription(name: "albert.pooler.bias", type: .float32, shape: Shape([4]))
    let path = try scratch.writeSafetensors([tensor], name: "model-00002-of-00003.safetensors")
    let parts = "model-00001-of-00003.safetensors, model-00003-of-00003.safetensors are missing"
    #expect(
      failure { try Inspection.open(scratch.folder, Fixtures.options()) }
        == "\(scratch.folder): of the 3 parts of this checkpoint \(parts); download or copy all parts "
        + "into the same folder")
    #expect(
      failure { try Inspection.open(path, Fixtures.options()) }.contains(
        "model-00002-of-00003.safetensors is one of the 3 parts of a checkpoint, of which \(parts)")
    )
  }

  @Test func partsHoldEachTensorOnce() throws {
    let scratch = try Scratch()
    let tensor = TensorDescription(name: "albert.pooler.bias", type: .float32, shape: Shape([4]))
    for number in 1...2 {
      try scratch.writeSafetensors([tensor], name: "model-0000\(number)-of-00002.safetensors")
    }
    #expect(
      failure { try Inspection.open(scratch.folder, Fixtures.options()) }.contains(
        "the parts' tensors: expected each once, found it in 'model-00001-of-00002.safetensors' too"
      ))
  }
}
