import AlbertArchives
import AlbertBytes
import AlbertConversion
import AlbertReading
import AlbertJSON
import AlbertTensors
import AlbertTestSupport
import SystemPackage
import Testing

/// LoRA adapters, merged to the numbers that peft's own merge gives, bit for bit.
@Suite struct AdapterTests {
  private static let folder = Fixtures.folder.appending("adapters")

  private static func options(_ adapter: FilePath) -> InspectionOptions {
    var options = Fixtures.options()
    options.adapter = adapter
    return options
  }

  private static func inspect(_ base: String, _ adapter: String) throws -> Inspection {
    try Inspection.open(folder.pushing(FilePath(base)), options(folder.pushing(FilePath(adapter))))
  }

  /// One adapter, the model that it is merged into, and what must come out.
  struct Merge: CustomTestStringConvertible, Sendable {
    let name: String
    let base: String
    let digests: [String: String]
    var testDescription: String { name }

    static let all: [Merge] = {
      let path = Fixtures.folder.appending("adapters.json")
      let document = (try? JSONValue.parse(SourceFile(path))) ?? .null
      return (document.members ?? []).map { member in
        let digests = member.value["digests"]?.members ?? []
        return Merge(
          name: member.key, base: member.value["base"]?.string ?? "",
          digests: Dictionary(
            uniqueKeysWithValues: digests.map { ($0.key, $0.value.string ?? "") }))
      }
    }()
  }

  @Test func nothingIsForgotten() {
    #expect(Merge.all.count == 12)
  }

  @Test(arguments: Merge.all) func mergesAsPeftDoes(_ merge: Merge) throws {
    let inspection = try Self.inspect(merge.base, merge.name)
    #expect(inspection.isUsable, "\(inspection.findings)")
    let header = try LoadedModel(inspection).model.header
    let digests = Dictionary(
      uniqueKeysWithValues: zip(header.layout.places, header.digests).map {
        ($0.tensor.name, $1.description)
      })
    #expect(digests == merge.digests)
    // The adapter's files are sources too.
    #expect(inspection.archive.files.contains { $0.name == "adapter_config.json" })
  }

  /// DoRA divides by the lengths of rows, which PyTorch sums in Float32 in an order of its own: a length
  /// that differs by two units moves a number by no more than four.
  @Test func bringsRowsToTheirLengths() throws {
    let inspection = try Self.inspect("base", "dora")
    let expected = try ArchiveRegistry.open(Self.folder.pushing("dora/expected.npz"))
    #expect(expected.tensors.count == 2)
    for tensor in expected.tensors {
      let ours = try #require(inspection.archive.tensors.first { $0.name == tensor.name })
      let numbers = try Self.floats(inspection.archive, ours)
      for (number, truth) in zip(numbers, try Self.floats(expected, tensor)) {
        #expect(abs(number - truth) <= 4 * truth.ulp)
      }
    }
    #expect(
      inspection.findings.contains {
        $0.message.hasSuffix("; the lengths of its rows (DoRA) were summed in Float64")
      })
  }

  private static func floats(
    _ archive: any TensorArchive, _ tensor: TensorDescription
  ) throws -> [Float] {
    let bytes = try archive.bytes(of: tensor)
    return unsafe bytes.span.bytes.floats(of: tensor.type) ?? []
  }

  @Test func saysWhatWasMerged() throws {
    let inspection = try Self.inspect("base", "plain")
    #expect(
      inspection.findings.first { $0.code == "adapter-merged" }?.message
        == "the LoRA adapter was merged into 2 matrices, W + scale × (B A) in Float32 as peft computes "
        + "it; 2 tensors are the adapter's own")
    // The adapter's config says what the head is for.
    #expect(!inspection.findings.contains { $0.code == "head-guessed" })
  }

  @Test func anAdapterAloneSaysWhatItIsAndWhichBaseItNames() {
    let path = Self.folder.appending("plain")
    #expect(
      failure { try Inspection.open(path, Fixtures.options()) }.hasSuffix(
        "this is a LoRA adapter for 'albert-base-v2', which changes 2 matrices of it, and no model by "
          + "itself; name its base as the source: Export.run of albert-base-v2 with "
          + "InspectionOptions.adapter " + path.string))
  }

  @Test func anAdapterBesideItsBaseIsNotMergedUnasked() throws {
    let scratch = try Scratch()
    for (folder, name) in [
      ("base", "model.safetensors"), ("base", "config.json"), ("plain", "adapter_config.json"),
      ("plain", "adapter_model.safetensors"),
    ] {
      let file = try SourceFile(Self.folder.appending(folder).appending(name))
      try scratch.write(name, file.bytes(at: 0, count: file.size))
    }
    let alone = try Inspection.open(scratch.folder, Fixtures.options())
    #expect(
      alone.findings.first { $0.code == "adapter-beside" }?.sentence
        == "an adapter lies beside this model and was not merged into it; state "
        + "InspectionOptions.adapter \(scratch.folder) to merge it")
    // The remedy, followed.
    let merged = try Inspection.open(scratch.folder, Self.options(scratch.folder))
    #expect(merged.isUsable)
    #expect(merged.findings.contains { $0.code == "adapter-merged" })
    #expect(!merged.findings.contains { $0.code == "adapter-beside" })
  }

  /// A model that holds its adapter says all but the scale, which a config states.
  @Test func theScaleOfAnUnmergedAdapterIsSaid() throws {
    let name = "found/peft-base-state-unmerged"
    let guessed = try Fixtures.inspect(name)
    #expect(
      guessed.findings.first { $0.code == "adapter-scale" }?.sentence
        == "nothing says the adapter's lora_alpha: 8 was taken, peft's default; state it with "
        + #"InspectionOptions.adapter FILE.json, such as {"peft_type": "LORA", "lora_alpha": 16}"#)
    let scratch = try Scratch()
    let path = try scratch.write("alpha.json", text: #"{"peft_type": "LORA", "lora_alpha": 16}"#)
    let stated = try Inspection.open(Fixtures.folder.pushing(FilePath(name)), Self.options(path))
    #expect(!stated.findings.contains { $0.code == "adapter-scale" })
    let query = "albert.encoder.albert_layer_groups.0.albert_layers.0.attention.query.weight"
    let tensor = try #require(stated.archive.tensors.first { $0.name == query })
    #expect(
      try Self.floats(stated.archive, tensor) != Self.floats(guessed.archive, tensor))
  }

  @Test(arguments: [
    (
      #""use_qalora": true"#, "the adapter's config has 'use_qalora', which may change what it adds"
    ),
    (#""a_key_of_tomorrow": 3"#, "the adapter's config has 'a_key_of_tomorrow', which may change"),
    (
      #""init_lora_weights": "pissa""#,
      "the adapter began with 'pissa', which changes the base model too, so that it does not belong"
    ),
    (#""alpha_pattern": {"^a.*": 2}"#, "the adapter's config has alpha_pattern '^a.*', which may"),
    // A number written as a text is none, and what peft takes by default is not what was meant.
    (#""lora_alpha": "16""#, #"the adapter's lora_alpha is "16", expected a number"#),
    (#""r": "8""#, #"the adapter's r is "8", expected a whole number"#),
    (#""use_rslora": "true""#, #"the adapter's use_rslora is "true", expected true or false"#),
    (#""r": 9"#, "the adapter's rank: expected 9 by its config, found 4 in tensor 'albert.enc"),
    (
      #""peft_type": "IA3""#,
      "this is an adapter of the kind IA3; LoRA alone is merged here; merge it"
    ),
    (
      #""peft_type": "PROMPT_TUNING""#,
      "this is an adapter of the kind PROMPT_TUNING; LoRA alone is merged here; use it with peft: "
        + "what it adds to the input is no part of any matrix"
    ),
  ]) func refusesWhatItDoesNotKnow(_ key: String, _ message: String) throws {
    let scratch = try Scratch()
    let weights = try SourceFile(Self.folder.pushing("plain/adapter_model.safetensors"))
    try scratch.write("adapter_model.safetensors", weights.bytes(at: 0, count: weights.size))
    let kind = key.contains("peft_type") ? "" : #""peft_type": "LORA", "#
    try scratch.write("adapter_config.json", text: "{\(kind)\(key)}")
    let error = failure {
      try Inspection.open(Self.folder.appending("base"), Self.options(scratch.folder))
    }
    #expect(error.contains(message), "\(error)")
  }

  @Test func refusesAnotherModelsAdapter() throws {
    let error = failure {
      try Inspection.open(
        Fixtures.folder.pushing("one/tf1"), Self.options(Self.folder.appending("plain")))
    }
    #expect(
      error.hasSuffix(
        "the adapter changes 'albert.encoder.albert_layer_groups.0.albert_layers.0.attention.query"
          + ".weight', and the model has no such tensor; the adapter was made for 'albert-base-v2'; "
          + "name the model that it was made for; one of another publisher gets these names with "
          + "Export.run of MODEL"), "\(error)")
    let shapes = failure {
      try Inspection.open(
        Fixtures.folder.pushing("found/bnb-nf4"), Self.options(Self.folder.appending("plain")))
    }
    #expect(
      shapes.contains(
        "the adapter's matrices: expected two whose product is [64, 64], found [32, 4] and [4, 32]"),
      "\(shapes)")
  }

  @Test(arguments: [
    ("ia3_l", "of the method IA3; LoRA alone is merged here"),
    ("oft_R", "of the method OFT; LoRA alone is merged here"),
    (
      "road_theta.default",
      "of the method RoAd; LoRA alone is merged here; merge it with peft, model.merge_and_unload()"
    ),
    ("waveft_spectrum.default", "of the method WaveFT; LoRA alone is merged here"),
    ("delora_A.default", "of the method DeLoRA; LoRA alone is merged here"),
    (
      "prompt_encoder.default.embedding",
      "of the method prompt tuning; LoRA alone is merged here; use it with peft: what it adds to the "
        + "input is no part of any matrix"
    ),
    (
      "output_adapters.adapters.sst.adapter_up",
      "this is an adapter of AdapterHub, which adds layers that no ALBERT has; it is no part of any "
        + "matrix and cannot be merged; use it with the adapters library, model.load_adapter(), or "
        + "convert the base model alone"
    ),
    (
      "query.loras.sst.lora_A",
      "this is an adapter of AdapterHub, whose scale and way of merging only its own library knows; merge "
        + "it there, model.merge_adapter(), and save the state dictionary without the tensors of 'loras', "
        + "or convert the base model alone"
    ),
  ]) func namesOtherMethods(_ part: String, _ message: String) throws {
    let scratch = try Scratch()
    let path = try scratch.writeSafetensors([
      TensorDescription(
        name: "base_model.model.albert.pooler.\(part).weight", type: .float32, shape: Shape([2, 2]))
    ])
    let error = failure { try Inspection.open(path, Fixtures.options()) }
    #expect(error.contains(message), "\(error)")
  }

  @Test func severalAdaptersAreNotAdded() throws {
    let scratch = try Scratch()
    let names = ["a", "b"].flatMap { ["lora_A.\($0)", "lora_B.\($0)"] } + ["base_layer"]
    let path = try scratch.writeSafetensors(
      names.map {
        TensorDescription(
          name: "albert.pooler.\($0).weight", type: .float32, shape: Shape([2, 2]))
      })
    let error = failure { try Inspection.open(path, Fixtures.options()) }
    #expect(error.contains("more than one adapter in this model fits: a, b"), "\(error)")
  }
}
