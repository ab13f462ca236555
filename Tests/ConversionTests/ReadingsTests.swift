import AlbertArchitecture
import AlbertArchives
import AlbertBytes
import AlbertConversion
import AlbertReading
import AlbertTestSupport
import SystemPackage
import Testing

/// Files that can be read in two ways: what is taken, what is said, and how the other is stated.
@Suite struct ReadingsTests {
  private static let folder = Fixtures.folder.appending("readings")

  private func open(
    _ name: String, config: FilePath? = nil, head: TaskHead? = nil,
    decoder: DecoderReading? = nil
  ) throws -> Inspection {
    var options = Fixtures.options(config: config)
    options.head = head
    options.decoder = decoder
    return try Inspection.open(Self.folder.appending(name), options)
  }

  private func warnings(_ inspection: Inspection) -> [String] {
    inspection.findings.filter { $0.severity == .warning }.map(\.code)
  }

  /// Whether the model holds just the tensors of `NAME-expected.npz`, bit for bit.
  private func holdsWhatIsExpected(_ name: String, _ inspection: Inspection) throws -> Bool {
    let model = try LoadedModel(inspection).model
    let archive = try ArchiveRegistry.open(Self.folder.appending("\(name)-expected.npz"))
    let expected = Dictionary(uniqueKeysWithValues: archive.tensors.map { ($0.name, $0) })
    let specs = ParameterSpec.all(model.config, model.contents)
    guard specs.count == expected.count else { return false }
    return try specs.allSatisfy { spec in
      let tensor = try #require(expected[spec.name], "\(spec.name)")
      let bytes = try archive.bytes(of: tensor)
      return model.withBytes(of: spec.parameter) { span in
        unsafe span.withUnsafeBytes { unsafe Array($0) } == bytes
      }
    }
  }

  // MARK: Whose gelu

  @Test func theWeightsDecideWhatGeluIs() throws {
    let inspection = try open("google-config")
    #expect(inspection.config?.hiddenAct == .geluErf)
    #expect(warnings(inspection) == ["activation-dialect"])
    let finding = try #require(inspection.findings.first)
    #expect(
      finding.sentence
        == "the config says 'gelu', which is gelu_erf in Hugging Face's PyTorch classes, whose "
        + "weights these are, and gelu_tanh in the code that such configs are written for; gelu_erf "
        + "was taken; state hidden_act in the config, or in a copy of it named with InspectionOptions.config: "
        + "gelu_python for what was taken, gelu_new for the other one")
    #expect(try holdsWhatIsExpected("google-config", inspection))
  }

  @Test(arguments: [
    ("gelu_python", Activation.geluErf), ("gelu_new", .geluTanh), ("gelu_erf", .geluErf),
    ("gelu_tanh", .geluTanh),
  ]) func statingOneEndsTheDoubt(_ word: String, _ activation: Activation) throws {
    let scratch = try Scratch()
    let file = try SourceFile(Self.folder.appending("google-config/config.json"))
    let text = String(decoding: try file.bytes(at: 0, count: file.size), as: UTF8.self)
    let config = try scratch.write(
      "stated.json", text: text.replacing("\"gelu\"", with: "\"\(word)\""))
    let inspection = try open("google-config", config: config)
    #expect(inspection.config?.hiddenAct == activation)
    #expect(warnings(inspection) == [])
  }

  /// Each publisher's weights beside each dialect's config that says just gelu.
  @Test(arguments: [
    ("one/hf-safetensors", "", Activation.geluErf, true),
    ("one/hf-safetensors", #""model_type": "albert", "#, .geluErf, false),
    ("one/hf-h5", "", .geluErf, true),
    ("one/hf-h5", #""model_type": "albert", "#, .geluErf, false),
    ("one/hf-flax", "", .geluErf, true),
    ("one/tf1", "", .geluTanh, false),
    ("one/tf1", #""model_type": "albert", "#, .geluTanh, true),
    ("one/keras3-backbone-sharded", "", .geluTanh, false),
    ("one/keras3-backbone-sharded", #""model_type": "albert", "#, .geluTanh, true),
    ("one/garden-train", "", .geluTanh, false),
    ("one/garden-train", #""model_type": "albert", "#, .geluTanh, true),
  ]) func everyPublisherBesideEveryDialect(
    _ name: String, _ mark: String, _ activation: Activation, _ warns: Bool
  ) throws {
    let scratch = try Scratch()
    let config = try scratch.write(
      "stated.json",
      text: """
        {\(mark)"vocab_size": 40, "embedding_size": 6, "hidden_size": 12, "intermediate_size": 20,
         "max_position_embeddings": 16, "type_vocab_size": 2, "num_hidden_layers": 3,
         "num_hidden_groups": 1, "inner_group_num": 1, "num_attention_heads": 3,
         "hidden_act": "gelu"}
        """)
    let inspection = try Inspection.open(
      Fixtures.folder.appending(name), Fixtures.options(config: config))
    #expect(inspection.config?.hiddenAct == activation)
    #expect(warnings(inspection) == (warns ? ["activation-dialect"] : []))
  }

  @Test func anEpsilonThatTheCodeLacksIsDoubted() throws {
    let scratch = try Scratch()
    let file = try SourceFile(Fixtures.folder.appending("one/hf-torch/config.json"))
    let text = String(decoding: try file.bytes(at: 0, count: file.size), as: UTF8.self)
    let config = try scratch.write(
      "stated.json", text: text.replacing("1e-12", with: "1e-05"))
    let inspection = try Inspection.open(
      Fixtures.folder.appending("one/tf1"), Fixtures.options(config: config))
    #expect(inspection.config?.layerNormEps == 1e-5)
    #expect(warnings(inspection).contains("epsilon-doubtful"))
  }

  @Test func twoConfigsThatDisagreeAreTold() throws {
    let scratch = try Scratch()
    try scratch.writeSafetensors(Synthetic.tensors())
    try scratch.write("config.json", text: Synthetic.configText)
    let other = Synthetic.configText.replacing(
      "\"num_hidden_layers\": 2", with: "\"num_hidden_layers\": 4")
    try scratch.write("albert_config.json", text: other)
    let inspection = try Inspection.open(scratch.folder, Fixtures.options())
    #expect(
      inspection.findings.map(\.sentence) == [
        "'config.json' was read, and 'albert_config.json' beside it says otherwise: "
          + "num_hidden_layers 4 instead of 2; name the right one with InspectionOptions.config"
      ])
    let named = try Inspection.open(
      scratch.folder, Fixtures.options(config: scratch.folder.appending("albert_config.json")))
    #expect(named.config?.numHiddenLayers == 4)
    #expect(named.findings.isEmpty)
  }

  @Test func keysOfOurOwnStateWhatADialectCannot() throws {
    let config = Synthetic.configText.replacing(
      "{\"model_type\"",
      with: "{\"mlm_layer_norm_eps\": 1e-05, \"layer_to_group\": [0, 0], \"model_type\"")
    let inspection = try Synthetic.inspect(Synthetic.tensors(), config: config)
    #expect(inspection.config?.mlmLayerNormEps == 1e-5)
    #expect(inspection.config?.layerMap.groups == [0, 0])
    #expect(inspection.findings.isEmpty)
  }

  // MARK: Kinds of heads

  @Test func aGuessedHeadIsAWarning() throws {
    let inspection = try open("unstated-head")
    #expect(inspection.contents.taskHead == .sequenceClassification)
    #expect(
      inspection.findings.map(\.sentence) == [
        "nothing says what kind of head 'classifier.weight' [3, 32] is (the config's architectures "
          + "say AlbertForMaskedLM); it was taken for sequence_classification, since there is a "
          + "pooler, and may be token_classification; state it: InspectionOptions.head sequence_classification, or "
          + "InspectionOptions.head token_classification"
      ])
    #expect(try holdsWhatIsExpected("unstated-head", inspection))
  }

  @Test(arguments: [TaskHead.tokenClassification, .sequenceClassification])
  func aStatedHeadIsNoGuess(_ head: TaskHead) throws {
    let inspection = try open("unstated-head", head: head)
    #expect(inspection.contents.taskHead == head)
    #expect(inspection.findings.isEmpty)
    #expect(try holdsWhatIsExpected("unstated-head", inspection))
  }

  @Test(arguments: [
    ("readings/unstated-head", TaskHead.questionAnswering, "head-mismatch"),
    ("readings/unstated-head", .multipleChoice, "head-mismatch"),
    ("readings/untied-decoder", .tokenClassification, "head-mismatch"),
    ("one/hf-safetensors-qa", .tokenClassification, "head-mismatch"),
    ("readings/int8-per-channel", .tokenClassification, "head-mismatch"),
  ]) func aHeadThatCannotBeIsRefused(_ name: String, _ head: TaskHead, _ code: String) throws {
    var options = Fixtures.options()
    options.head = head
    let inspection = try Inspection.open(Fixtures.folder.appending(name), options)
    #expect(inspection.findings.first { $0.severity == .error }?.code == code)
    #expect(!inspection.isUsable)
  }

  @Test func namesOfOtherClassesAreLeftOutAloud() throws {
    let contents = ModelContents(pooler: true, taskHead: .sequenceClassification)
    var wide = Synthetic.config
    wide.numLabels = 3
    let tensors = ParameterSpec.all(wide, contents).map {
      Synthetic.float($0.name, $0.shape.dimensions)
    }
    let config = Synthetic.configText.replacing(
      "{\"model_type\"",
      with: #"{"architectures": ["AlbertForSequenceClassification"], "#
        + #""id2label": {"0": "no", "1": "yes"}, "model_type""#)
    let inspection = try Synthetic.inspect(tensors, config: config)
    #expect(
      inspection.findings.map(\.message) == [
        "the config names 2 classes and the head has 3, so that the names are left out"
      ])
  }

  // MARK: Decoders

  @Test func aStoredDecoderBesideATyingConfigIsTold() throws {
    let inspection = try open("untied-decoder")
    #expect(!inspection.contents.untiedDecoder)
    #expect(
      inspection.findings.map(\.sentence) == [
        "'predictions.decoder.weight' differs from the word embeddings, and the config says "
          + "tie_word_embeddings true: transformers 4 decodes with the word embeddings, which was "
          + "taken; transformers 5 decodes with the stored matrix; state one with InspectionOptions.decoder tied or InspectionOptions.decoder untied"
      ])
    #expect(try holdsWhatIsExpected("untied-decoder", inspection))
    // The loading has nothing to add.
    #expect(try LoadedModel(inspection).findings == inspection.findings)
  }

  @Test(arguments: DecoderReading.allCases) func aStatedDecoderIsNoDoubt(
    _ decoder: DecoderReading
  ) throws {
    let inspection = try open("untied-decoder", decoder: decoder)
    #expect(inspection.contents.untiedDecoder == (decoder == .untied))
    #expect(warnings(inspection) == [])
    let tied = StoredCount(try open("untied-decoder", decoder: .tied))
    let count = StoredCount(inspection)
    #expect(count.stored == tied.stored)
    #expect(count.unique - tied.unique == (decoder == .untied ? 96 * 16 : 0))
    let other = try #require(inspection.withOtherDecoder)
    #expect(other.contents.untiedDecoder == (decoder == .tied))
    #expect(
      StoredCount(other).unique
        == StoredCount(
          try open(
            "untied-decoder", decoder: decoder == .tied ? .untied : .tied)
        ).unique)
  }

  @Test func anUntyingConfigWithoutADecoderIsTold() throws {
    let config = Synthetic.configText.replacing(
      "{\"model_type\"", with: "{\"tie_word_embeddings\": false, \"model_type\"")
    let inspection = try Synthetic.inspect(Synthetic.tensors(), config: config)
    #expect(inspection.isUsable)
    #expect(warnings(inspection) == ["decoder-missing"])
    let scratch = try Scratch()
    try scratch.writeSafetensors(Synthetic.tensors())
    try scratch.write("config.json", text: config)
    var options = Fixtures.options()
    options.decoder = .tied
    #expect(try Inspection.open(scratch.folder, options).findings.isEmpty)
    options.decoder = .untied
    let refused = try Inspection.open(scratch.folder, options)
    #expect(refused.refusal?.description.contains("the file holds no decoder's weight") == true)
  }

  // MARK: Graphs

  @Test func aGraphThatRoundsActivationsIsTold() throws {
    let inspection = try open("int8-per-channel")
    #expect(inspection.isUsable)
    #expect(warnings(inspection) == ["activations-quantized", "partly-quantized"])
    #expect(
      inspection.findings.first?.message
        == "the graph rounds activations to integers, with scales that are measured in each run (1 "
        + "DynamicQuantizeLinear, 6 DynamicQuantizeMatMul): it computes something else than its "
        + "weights, which are what is read here")
    // Scales of ALBERT's own matrices are no larger model around it.
    #expect(!inspection.findings.contains { $0.code == "surrounding" })
    #expect(StoredCount(inspection).surrounding == 0)
    _ = try LoadedModel(inspection)
  }

  @Test(arguments: [
    ("int8-dynamic", "measured in each run"), ("int8-qdq", "fixed when it was quantised"),
    ("int8-qoperator", "fixed when it was quantised"), ("opset11", nil),
  ]) func everyKindOfRoundingIsTold(_ name: String, _ words: String?) throws {
    let graphs = PackageFiles.fixtures.appending("graphs")
    let inspection = try Inspection.open(graphs.appending("\(name).onnx"))
    let finding = inspection.findings.first { $0.code == "activations-quantized" }
    #expect((finding != nil) == (words != nil))
    if let words { #expect(finding?.message.contains(words) == true) }
  }
}
