import AlbertArchitecture
import AlbertBytes
import AlbertConversion
import AlbertReading
import AlbertTestSupport
import AlbertUpstreams
import SystemPackage
import Testing

/// Where a config is found, and what is said where it does not fit the tensors.
@Suite struct ConfigSearchTests {
  @Test func namesKeysThatNobodyStates() throws {
    for (path, config) in [
      ("one/keras3-backbone-sharded", "one/hf-torch/config.json"),
      ("one/garden-train", "one/tf1/albert_config.json"),
    ] {
      let inspection = try Fixtures.inspect(path)
      #expect(inspection.configSource == .inferred)
      #expect(
        inspection.refusal?.description.hasSuffix(
          "neither a config nor the tensors say num_hidden_layers; save {\"model_type\": \"albert\", "
            + "\"num_hidden_layers\": 12} with the model's own values as a file, and name it with "
            + "InspectionOptions.config") == true)
      #expect(try Fixtures.inspect(path, config: config).isUsable)
    }
    let alone = try Synthetic.inspect(Synthetic.tensors(), config: nil)
    #expect(
      alone.findings.map(\.message) == [
        "neither a config nor the tensors say num_hidden_layers, num_attention_heads, hidden_act"
      ])
  }

  /// A key whose value is refused is stated, and no second finding says that nothing states it.
  @Test(arguments: [
    (
      #""hidden_act": "gelu_new""#, #""hidden_act": "mish""#,
      "hidden_act is 'mish', expected 'gelu', 'gelu_new', 'gelu_pytorch_tanh', 'gelu_python_tanh', "
        + "'gelu_fast', 'gelu_accurate', 'gelu_python', 'relu', 'silu', 'swish' or 'tanh'"
    ),
    (
      #""num_hidden_layers": 2"#, #""num_hidden_layers": "2""#,
      #"num_hidden_layers is "2", expected a whole number"#
    ),
    (
      #""num_attention_heads": 2"#, #""num_attention_heads": 2.5"#,
      "num_attention_heads is 2.5, expected a whole number"
    ),
  ]) func whatIsRefusedIsNotCalledUnsaid(_ good: String, _ bad: String, _ message: String) throws {
    let text = Synthetic.configText.replacing(good, with: bad)
    let inspection = try Synthetic.inspect(Synthetic.tensors(), config: text)
    #expect(inspection.findings.map(\.message) == [message])
    #expect(!inspection.isUsable)
  }

  /// The same of configs whose keys have other names, and of what a publisher's code computes anyway.
  @Test(arguments: [
    ("one/keras3-backbone-sharded", "num_hidden_layers", "\"none\""),
    ("one/garden-train", "hidden_act", "\"mish\""),
    ("one/garden-train", "num_hidden_layers", "[3]"),
  ]) func refusedByAnyPublisher(_ path: String, _ key: String, _ value: String) throws {
    let scratch = try Scratch()
    let right = [("num_hidden_layers", "3"), ("hidden_act", #""gelu_new""#)].filter { $0.0 != key }
    let members = (right + [(key, value)]).map { #""\#($0.0)": \#($0.1)"# }
    let config = try scratch.write(
      "c.json", text: #"{"model_type": "albert", "# + members.joined(separator: ", ") + "}")
    let inspection = try Inspection.open(
      Fixtures.folder.pushing(FilePath(path)), Fixtures.options(config: config))
    let said = inspection.findings.map(\.message).filter { $0.contains(key) }
    #expect(said.count == 1 && said[0].hasPrefix("\(key) is "), "\(said)")
  }

  /// The Hub's layout: an export in `onnx`, the config of its model above it.
  @Test func anExportsConfigLiesAboveIt() throws {
    let scratch = try Scratch()
    let graph = try SourceFile(
      PackageFiles.fixtures.appending("graphs/sequence-classification.onnx"))
    let bytes = try graph.bytes(at: 0, count: graph.size)
    let labels = #""id2label": {"0": "no", "1": "hardly", "2": "perhaps", "3": "yes"}"#
    try scratch.write("config.json", text: #"{"model_type": "albert", \#(labels)}"#)
    for (folder, isFound) in [("onnx", true), ("other", false)] {
      try scratch.make(folder)
      let path = try scratch.write("\(folder)/model.onnx", bytes)
      let inspection = try Inspection.open(path, Fixtures.options())
      #expect(
        (inspection.partialConfig.passthrough.id2label == ["no", "hardly", "perhaps", "yes"])
          == isFound)
    }
  }

  /// Accelerate's layout: the parts of a checkpoint in a folder of their own, the config above it.
  @Test(arguments: ["pytorch_model_fsdp_0", "global_step3"])
  func aDistributedCheckpointsConfigLiesAboveIt(_ folder: String) throws {
    let scratch = try Scratch()
    try scratch.make(folder)
    for name in [".metadata", "__0_0.distcp", "__1_0.distcp", "config.json"] {
      let file = try SourceFile(Fixtures.folder.pushing("found/dcp-two-ranks").appending(name))
      let place = name == "config.json" ? name : "\(folder)/\(name)"
      try scratch.write(place, try file.bytes(at: 0, count: file.size))
    }
    for path in [scratch.folder, scratch.folder.appending(folder)] {
      #expect(try Inspection.open(path, Fixtures.options()).isUsable)
    }
  }

  /// JSON that begins with a byte order mark or a comment is told what is wrong with it, not that it is text.
  @Test(arguments: [
    ("\u{FEFF}", "the JSON text begins with a byte order mark"), ("// mine\n", "at byte 0"),
  ]) func whatPrecedesAConfigIsNamed(_ start: String, _ words: String) throws {
    let message = failure {
      try Synthetic.inspect(Synthetic.tensors(), config: start + Synthetic.configText)
    }
    #expect(message.contains(words) && !message.contains("this is text"), "\(message)")
  }

  @Test func infersWhatShapesFix() throws {
    let config = try Fixtures.inspect("one/keras3-backbone-sharded").partialConfig
    #expect(config.vocabSize == 40)
    #expect(config.embeddingSize == 6)
    #expect(config.hiddenSize == 12)
    #expect(config.intermediateSize == 20)
    #expect(config.maxPositionEmbeddings == 16)
    #expect(config.typeVocabSize == 2)
    #expect(config.numHiddenGroups == 1)
    #expect(config.innerGroupNum == 1)
    #expect(config.numAttentionHeads == 3)
    #expect(config.hiddenAct == .geluTanh)
    #expect(config.numHiddenLayers == nil)
  }

  @Test func readsGroupsOffKerasLayerNames() throws {
    let config = try Fixtures.inspect("two/keras3-preset-maskedlm").partialConfig
    #expect(config.numHiddenGroups == 2)
    #expect(config.innerGroupNum == 2)
  }

  @Test(arguments: [
    ("one/hf-torch", ConfigSource.file("config.json")),
    ("one/tf1", .file("albert_config.json")),
    ("one/keras3-maskedlm", .embedded),
    ("one/keras3-legacy-h5", .embedded),
    ("one/keras3-backbone/albert_backbone.weights.h5", .file("albert_backbone.keras")),
    ("one/hf-tf-savedmodel/saved_model/1", .file("config.json")),
    ("one/keras3-preset-classifier", .file("config.json")),
    ("found/hf-functional-two-dense", .embedded),
    ("found/hf-functional-savedmodel-metadata", .file("keras_metadata.pb")),
    (
      "found/hf-functional-savedmodel-metadata/variables/variables.index",
      .file("keras_metadata.pb")
    ),
  ]) func tellsWhereItWas(_ path: String, _ source: ConfigSource) throws {
    #expect(try Fixtures.inspect(path).configSource == source)
  }

  /// Keras' description of a user's model holds the config of transformers' class in it.
  @Test(arguments: ["two-dense", "savedmodel-metadata"])
  func theConfigOfALayerIsRead(_ name: String) throws {
    let inspection = try Fixtures.inspect("found/hf-functional-\(name)")
    #expect(inspection.isUsable && inspection.contents.taskHead == nil)
    #expect(inspection.config?.numHiddenLayers == 3)
    #expect(inspection.config?.numAttentionHeads == 4)
    #expect(!inspection.findings.contains { $0.code.hasPrefix("config-") })
  }

  /// The weights of a `.keras` archive, saved once more beside it.
  @Test func theArchiveBesideItsWeightsIsRead() throws {
    let scratch = try Scratch()
    let files = [
      ("found/hf-functional-fit-keras/model.keras", "model.keras"),
      ("found/hf-functional-weightsh5/model.weights.h5", "model.weights.h5"),
    ]
    for (path, name) in files {
      let file = try SourceFile(Fixtures.folder.pushing(FilePath(path)))
      try scratch.write(name, try file.bytes(at: 0, count: file.size))
    }
    let inspection = try Inspection.open(scratch.path("model.weights.h5"), Fixtures.options())
    #expect(inspection.configSource == .file("model.keras"))
  }

  /// What a user states beside the checkpoint counts, and is told apart from what the program had.
  @Test(arguments: ["model.keras", "keras_metadata.pb"])
  func aConfigBesideIsHeldToKerasOwn(_ name: String) throws {
    let scratch = try Scratch()
    let folder =
      name == "model.keras" ? "hf-functional-two-dense" : "hf-functional-savedmodel-metadata"
    let files =
      name == "model.keras"
      ? [name]
      : [
        name, "saved_model.pb", "variables/variables.index",
        "variables/variables.data-00000-of-00001",
      ]
    try scratch.make("variables")
    for file in files {
      let source = try SourceFile(Fixtures.folder.pushing(FilePath("found/\(folder)/\(file)")))
      try scratch.write(file, try source.bytes(at: 0, count: source.size))
    }
    try scratch.write(
      "config.json",
      text:
        #"{"model_type": "albert", "vocab_size": 120, "embedding_size": 16, "hidden_size": 24, "#
        + #""intermediate_size": 40, "max_position_embeddings": 30, "num_attention_heads": 4, "#
        + #""num_hidden_layers": 5, "hidden_act": "gelu_new"}"#)
    let inspection = try Inspection.open(
      name == "model.keras" ? scratch.path(name) : scratch.folder, Fixtures.options())
    #expect(inspection.configSource == .file("config.json"))
    #expect(inspection.config?.numHiddenLayers == 5)
    #expect(
      inspection.findings.first { $0.code == "config-ambiguous" }?.message
        == "'config.json' was read, and the config in the checkpoint itself says otherwise: "
        + "num_hidden_layers 3 instead of 5")
  }

  @Test func tellsAConfigOfAnotherModelByItsSizes() throws {
    let inspection = try Fixtures.inspect("one/tf1", config: "two/tf1/albert_config.json")
    #expect(inspection.config == nil)
    #expect(
      inspection.findings.filter { $0.severity == .error }.map(\.message) == [
        "vocab_size: expected 36 by 'albert_config.json', found 40 in "
          + "'bert/embeddings/word_embeddings' [40, 6]",
        "embedding_size: expected 8 by 'albert_config.json', found 6 in "
          + "'bert/embeddings/word_embeddings' [40, 6]",
        "intermediate_size: expected 18 by 'albert_config.json', found 20 in "
          + "'bert/encoder/transformer/group_0/inner_group_0/ffn_1/intermediate/dense/bias' [20]",
        "max_position_embeddings: expected 14 by 'albert_config.json', found 16 in "
          + "'bert/embeddings/position_embeddings' [16, 6]",
        "num_hidden_groups: expected 2 by 'albert_config.json', found 1 in "
          + "'bert/encoder/transformer/group_0/inner_group_0/attention_1/self/query/kernel' [12, 12]",
        "inner_group_num: expected 2 by 'albert_config.json', found 1 in "
          + "'bert/encoder/transformer/group_0/inner_group_0/attention_1/self/query/kernel' [12, 12]",
      ])
  }

  @Test func aPublishersCodeOutweighsAConfig() throws {
    // Hugging Face's config states the exact GELU, which Google's and KerasHub's code lacks.
    for path in ["two/tf1", "two/keras3-backbone"] {
      let inspection = try Fixtures.inspect(path, config: "two/hf-torch/config.json")
      #expect(inspection.config?.hiddenAct == .geluTanh)
      let finding = try #require(inspection.findings.first { $0.code == "activation-dialect" })
      #expect(finding.severity == .warning)
      #expect(finding.message.hasPrefix("the config says 'gelu', which is gelu_tanh in "))
      #expect(
        finding.remedy.contains(
          "InspectionOptions.config: gelu_new for what was taken, gelu_erf for"))
    }
  }

  @Test func refusesAConfigOfAnotherKind() throws {
    let message = failure {
      try Synthetic.inspect(Synthetic.tensors(), config: #"{"model_type": "bert"}"#)
    }
    #expect(message.contains("expected an ALBERT config, found model_type 'bert'"))
  }

  @Test func contradictionsAreErrors() throws {
    let config = Synthetic.configText.replacing(
      "\"num_attention_heads\": 2", with: "\"num_attention_heads\": 3")
    let inspection = try Synthetic.inspect(Synthetic.tensors(), config: config)
    #expect(
      inspection.findings.map(\.message) == [
        "hidden_size 8 is not a multiple of num_attention_heads 3"
      ])
  }

  @Test func onlyAConfigUntiesTheDecoder() throws {
    let decoder = [
      Synthetic.float("predictions.decoder.weight", [20, 4]),
      Synthetic.float("predictions.decoder.bias", [20]),
    ]
    let tied = try Synthetic.inspect(Synthetic.tensors() + decoder)
    #expect(tied.isUsable)
    #expect(!tied.contents.untiedDecoder)
    // Both biases are there, and the decoder's is the parameter.
    #expect(tied.tensors { $0 == .parameter(Parameter(.mlmBias), .canonical) } == [decoder[1]])
    let config = Synthetic.configText.replacing(
      "{\"model_type\"", with: "{\"tie_word_embeddings\": false, \"model_type\"")
    let untied = try Synthetic.inspect(Synthetic.tensors() + decoder, config: config)
    #expect(untied.isUsable)
    #expect(untied.contents.untiedDecoder)
    // Without the decoder's weights there is nothing to untie.
    #expect(try !Synthetic.inspect(Synthetic.tensors(), config: config).contents.untiedDecoder)
  }

  @Test func googlesCodeSkipsGroups() throws {
    // Of 22 groups for 22 layers its rule never reaches number 15.
    let scratch = try Scratch()
    let used = Array(0..<22).filter { $0 != 15 }
    let block = NameTableRows.googleBlock
    var tensors = NameTableRows.googleEmbeddings
    for group in used {
      tensors += block.map { Synthetic.float($0.name.replacing("#", with: "\(group)"), $0.shape) }
    }
    try scratch.writeSafetensors(tensors)
    try scratch.write(
      "albert_config.json",
      text: """
        {"vocab_size": 20, "embedding_size": 4, "hidden_size": 8, "intermediate_size": 12,
         "max_position_embeddings": 6, "type_vocab_size": 2, "num_hidden_layers": 22,
         "num_hidden_groups": 22, "inner_group_num": 1, "num_attention_heads": 2,
         "hidden_act": "gelu"}
        """)
    let inspection = try Inspection.open(scratch.folder, Fixtures.options())
    let config = try #require(inspection.config)
    #expect(inspection.isUsable)
    #expect(config.numHiddenGroups == 21)
    #expect(config.layerMap.groups == Array(0...14) + [14] + Array(15...20))
    #expect(
      inspection.findings.first { $0.code == "groups-renumbered" }?.message
        == "in Google's TensorFlow 1 code, 21 of the config's 22 groups have one of the 22 layers; "
        + "they are numbered from 0 on")
  }
}

/// Google's names for a model of the synthetic sizes.
private enum NameTableRows {
  static let googleEmbeddings = [
    Synthetic.float("bert/embeddings/word_embeddings", [20, 4]),
    Synthetic.float("bert/embeddings/position_embeddings", [6, 4]),
    Synthetic.float("bert/embeddings/token_type_embeddings", [2, 4]),
    Synthetic.float("bert/embeddings/LayerNorm/gamma", [4]),
    Synthetic.float("bert/embeddings/LayerNorm/beta", [4]),
    Synthetic.float("bert/encoder/embedding_hidden_mapping_in/kernel", [4, 8]),
    Synthetic.float("bert/encoder/embedding_hidden_mapping_in/bias", [8]),
  ]

  static let googleBlock: [(name: String, shape: [Int])] = [
    ("attention_1/self/query/kernel", [8, 8]), ("attention_1/self/query/bias", [8]),
    ("attention_1/self/key/kernel", [8, 8]), ("attention_1/self/key/bias", [8]),
    ("attention_1/self/value/kernel", [8, 8]), ("attention_1/self/value/bias", [8]),
    ("attention_1/output/dense/kernel", [8, 8]), ("attention_1/output/dense/bias", [8]),
    ("LayerNorm/gamma", [8]), ("LayerNorm/beta", [8]),
    ("ffn_1/intermediate/dense/kernel", [8, 12]), ("ffn_1/intermediate/dense/bias", [12]),
    ("ffn_1/intermediate/output/dense/kernel", [12, 8]),
    ("ffn_1/intermediate/output/dense/bias", [8]), ("LayerNorm_1/gamma", [8]),
    ("LayerNorm_1/beta", [8]),
  ].map { ("bert/encoder/transformer/group_#/inner_group_0/" + $0.0, $0.1) }
}
