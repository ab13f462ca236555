import AlbertArchitecture
import AlbertJSON
import Testing
import AlbertUpstreams

/// Each publisher's config says what its code computes, and nothing in it is passed over in silence.
@Suite struct ConfigDialectTests {
  private func json(_ text: String) throws -> JSONValue {
    try JSONValue.parse(Array(text.utf8), path: "config.json")
  }

  private func read(_ text: String) throws -> (title: String, config: PartialConfig) {
    let json = try json(text)
    let dialect = try #require(ConfigDialects.dialect(of: json))
    return (dialect.title, dialect.read(json))
  }

  private static let google = """
    {"attention_probs_dropout_prob": 0.1, "hidden_act": "gelu", "hidden_dropout_prob": 0.2,
     "embedding_size": 128, "hidden_size": 768, "initializer_range": 0.02,
     "intermediate_size": 3072, "max_position_embeddings": 512, "num_attention_heads": 12,
     "num_hidden_layers": 12, "num_hidden_groups": 1, "net_structure_type": 0, "gap_size": 0,
     "num_memory_blocks": 0, "inner_group_num": 1, "down_scale_factor": 1, "type_vocab_size": 2,
     "vocab_size": 30000}
    """

  @Test func readsGoogles() throws {
    let (title, config) = try read(Self.google)
    #expect(title == "Google")
    #expect(config.missingKeys.isEmpty)
    #expect(config.findings.isEmpty)
    // Google's `gelu` is the tanh form.
    #expect(config.hiddenAct == .geluTanh)
    #expect(config.layerNormEps == 1e-12)
    #expect(config.vocabSize == 30000)
    #expect(config.embeddingSize == 128)
    #expect(config.intermediateSize == 3072)
    #expect(config.numAttentionHeads == 12)
    #expect(config.passthrough.hiddenDropoutProb == 0.2)
    #expect(config.passthrough.attentionProbsDropoutProb == 0.1)
  }

  @Test(arguments: [
    ("gelu", Activation.geluErf), ("gelu_new", .geluTanh), ("gelu_pytorch_tanh", .geluTanh),
    ("gelu_fast", .geluTanh),
    ("relu", .relu), ("silu", .silu), ("swish", .silu), ("tanh", .tanh),
  ]) func readsHuggingFacesActivations(_ name: String, _ activation: Activation) throws {
    let (title, config) = try read(
      Self.google.replacing("{\"att", with: "{\"model_type\": \"albert\", \"att")
        .replacing("\"gelu\"", with: "\"\(name)\""))
    #expect(title == "Hugging Face")
    #expect(config.hiddenAct == activation)
  }

  @Test(arguments: [
    (#"{"1": 4, "0": 1}"#, ["1", "4"]), (#"["bad", "good"]"#, ["bad", "good"]),
    (#"{"0": false, "1": true}"#, ["False", "True"]), (#"{"0": 0.5, "1": "one"}"#, ["0.5", "one"]),
  ])
  func namesOfClassesMayBeNumbersOrAList(_ written: String, _ names: [String]) throws {
    let (_, config) = try read(#"{"model_type": "albert", "id2label": \#(written)}"#)
    #expect(config.passthrough.id2label == names)
    #expect(config.numLabels == 2)
  }

  @Test(arguments: [
    #"{"0": "no", "2": "yes"}"#, #"{"1": "no", "2": "yes"}"#, #"{"no": 0, "yes": 1}"#,
    #"{"0": "no", "1": null}"#, #"{"0": "no", "-1": "yes"}"#,
  ]) func namesThatAreNotTheClassesAreLeftOut(_ written: String) throws {
    let (_, config) = try read(#"{"model_type": "albert", "id2label": \#(written)}"#)
    #expect(config.passthrough.id2label == nil)
    #expect(config.numLabels == 2)
    let findings = config.findings.filter { $0.code == "labels-mismatch" }
    #expect(findings.map(\.severity) == [.warning])
    #expect(config.findings.allSatisfy { $0.severity != .error })
  }

  @Test func readsHuggingFacesHeads() throws {
    let (_, config) = try read(
      """
      {"architectures": ["AlbertForTokenClassification"], "model_type": "albert",
       "id2label": {"0": "O", "1": "B", "2": "I"}, "label2id": {"O": 0, "B": 1, "I": 2},
       "pad_token_id": 0, "bos_token_id": 2, "eos_token_id": 3, "tie_word_embeddings": false,
       "problem_type": "single_label_classification"}
      """)
    #expect(config.taskHead == .tokenClassification)
    #expect(config.numLabels == 3)
    #expect(config.passthrough.id2label == ["O", "B", "I"])
    #expect(config.passthrough.bosTokenID == 2)
    #expect(config.tieWordEmbeddings == false)
    #expect(config.passthrough.problemType == "single_label_classification")
    // Keys that are missing have its publisher's documented defaults, each told.
    #expect(config.hiddenSize == 4096)
    #expect(
      config.findings.contains {
        $0.severity == .note
          && $0.message
            == "the config has no 'hidden_size'; its publisher's default 4096 was used"
      })
  }

  @Test func readsKerasHubs() throws {
    let (title, config) = try read(
      """
      {"module": "keras_hub.src.models.albert.albert_masked_lm", "class_name": "AlbertMaskedLM",
       "config": {"backbone": {"module": "keras_hub.src.models.albert.albert_backbone",
         "class_name": "AlbertBackbone", "registered_name": "keras_hub>AlbertBackbone",
         "config": {"name": "albert_backbone", "trainable": true, "dtype": {"class_name":
           "DTypePolicy", "config": {"name": "float32"}}, "vocabulary_size": 640, "num_layers": 4,
           "num_heads": 3, "num_groups": 2, "num_inner_repetitions": 2, "embedding_dim": 24,
           "hidden_dim": 48, "intermediate_dim": 160, "dropout": 0.0, "max_sequence_length": 80,
           "num_segments": 2}},
         "preprocessor": null, "name": "albert_masked_lm"},
       "registered_name": "keras_hub>AlbertMaskedLM"}
      """)
    #expect(title == "KerasHub")
    #expect(config.findings.isEmpty)
    #expect(config.missingKeys.isEmpty)
    #expect(config.hiddenAct == .geluTanh)
    #expect(config.vocabSize == 640)
    #expect(config.embeddingSize == 24)
    #expect(config.hiddenSize == 48)
    #expect(config.intermediateSize == 160)
    #expect(config.maxPositionEmbeddings == 80)
    #expect(config.numHiddenLayers == 4)
    #expect(config.numHiddenGroups == 2)
    #expect(config.innerGroupNum == 2)
    #expect(config.numAttentionHeads == 3)
  }

  @Test(arguments: ["", "\"encoder\": {\"type\": \"albert\", \"albert\": ", "\"config\": "])
  func readsTheModelGardens(_ around: String) throws {
    let keys = """
      "attention_dropout_rate": 0.1, "dropout_rate": 0.2, "embedding_width": 32,
      "hidden_activation": "gelu", "hidden_size": 64, "initializer_range": 0.02,
      "intermediate_size": 128, "max_position_embeddings": 70, "num_attention_heads": 4,
      "num_layers": 3, "type_vocab_size": 2, "vocab_size": 512
      """
    let ends = around.count { $0 == "{" } + (around.isEmpty ? 0 : 1)
    let text =
      "{" + around + (around.isEmpty ? keys : "{\(keys)") + String(repeating: "}", count: ends)
      + "}"
    let (title, config) = try read(text)
    #expect(title == "Model Garden")
    #expect(config.findings.isEmpty)
    #expect(config.missingKeys.isEmpty)
    #expect(config.hiddenAct == .geluTanh)
    #expect(config.embeddingSize == 32)
    #expect(config.maxPositionEmbeddings == 70)
    #expect(config.numHiddenLayers == 3)
    #expect(config.passthrough.attentionProbsDropoutProb == 0.1)
    #expect(config.passthrough.hiddenDropoutProb == 0.2)
  }

  @Test func readsKokoros() throws {
    let (title, config) = try read(
      """
      {"istftnet": {"upsample_rates": [10, 6]}, "n_token": 178, "style_dim": 128,
       "plbert": {"hidden_size": 768, "num_attention_heads": 12, "intermediate_size": 2048,
                  "max_position_embeddings": 512, "num_hidden_layers": 12, "dropout": 0.1}}
      """)
    #expect(title == "Kokoro")
    #expect(config.missingKeys.isEmpty)
    #expect(config.vocabSize == 178)
    #expect(config.embeddingSize == 128)
    #expect(config.intermediateSize == 2048)
    #expect(config.hiddenAct == .geluTanh)
    #expect(!config.findings.contains { $0.severity != .note })
  }

  @Test func tellsOldPyTorchEpsilons() throws {
    func note(_ version: String) throws -> Finding? {
      try read(#"{"model_type": "albert", "transformers_version": "\#(version)"}"#)
        .config.findings.first { $0.code == "mlm-epsilon-by-age" }
    }
    #expect(try note("4.12.5")?.severity == .note)
    #expect(try note("3.0.2") != nil)
    #expect(try note("4.41.0") == nil)
    #expect(try note("4.41.2") == nil)
    #expect(try note("5.23.0") == nil)
    #expect(try note("4.0.0.dev0") != nil)
    #expect(try note("nonsense") == nil)
  }

  @Test func reportsWhatItDoesNotKnow() throws {
    let (_, config) = try read(Self.google.replacing("\"gap_size\"", with: "\"gap_width\""))
    #expect(
      config.findings.map(\.message) == [
        "the config's key 'gap_width' is not known and was not used"
      ])
    #expect(config.findings.first?.severity == .warning)
  }

  @Test(arguments: [
    (
      "\"hidden_size\": 768", "\"hidden_size\": \"768\"",
      #"hidden_size is "768", expected a whole number"#
    ),
    (
      "\"hidden_act\": \"gelu\"", "\"hidden_act\": \"mish\"",
      "hidden_act is 'mish', expected 'gelu', 'relu', 'tanh' or 'gelu_new'"
    ),
    ("\"down_scale_factor\": 1", "\"down_scale_factor\": 2", "down_scale_factor is 2, expected 1"),
    (
      "\"gap_size\": 0", "\"ln_type\": \"preln\"",
      "ln_type is 'preln': LayerNorm before each sublayer is another architecture"
    ),
  ]) func rejectsValues(_ old: String, _ new: String, _ message: String) throws {
    let (_, config) = try read(Self.google.replacing(old, with: new))
    #expect(config.findings.filter { $0.severity == .error }.map(\.message) == [message])
  }

  @Test(arguments: [
    "{}", "[]", "3", #"{"model_type": "bert", "hidden_size": 3}"#,
    #"{"class_name": "BertBackbone", "config": {"hidden_dim": 3}}"#, #"{"plbert": 3}"#,
  ]) func passesOverOtherDocuments(_ text: String) throws {
    #expect(ConfigDialects.dialect(of: try json(text)) == nil)
  }

  @Test(arguments: [
    ("bert/encoder/layer_0/attention/self/query/kernel", "not-albert-bert"),
    ("encoder/layer_with_weights-4/_attention_layer/_query_dense/kernel", "not-albert-bert"),
    ("tf_bert/bert/encoder/layer_._0/attention/self/query/kernel:0", "not-albert-bert"),
    ("distilbert/transformer/layer_._0/attention/q_lin/kernel:0", "not-albert-distilbert"),
    ("roberta/encoder/layer_._0/attention/self/key/kernel:0", "not-albert-roberta"),
    ("bert.encoder.layer_shared.attention.self.query.weight", "brightmart-original"),
    ("bert/encoder/layer_shared/attention/self/query/kernel", "brightmart-original"),
    ("group_0_9/layer_9/inner_group_0/layer_normalization_19/gamma", "unshared-layer-norm"),
    ("albert/encoder/layer_shared/attention/output/adapter-down/bias:0", "adapters-inside"),
    ("end_logits/dense_0/kernel", "squad2-heads"),
    (
      "_layer_checkpoint_dependencies/multi_head_attention/_layers/dense/vars/0", "layers-numbered"
    ),
    ("_layer_checkpoint_dependencies/transformer_encoder_2/x/vars/0", "layers-numbered"),
    (
      "model/layer_with_weights-5/_self_attention_layernorm/gamma/.ATTRIBUTES/VARIABLE_VALUE",
      "variables-alike"
    ),
  ]) func knowsOtherArchitectures(_ name: String, _ code: String) {
    #expect(ForeignNames.kind(of: name)?.code == code)
  }

  @Test func knowsNoArchitectureByAnAlbertsNames() {
    // brightmart's own names betray it where its word table is not whole.
    for published in PublishedTable.all where !published.hasNoProjection {
      for row in published.table.rows {
        let name = published.table.name(row, place: published.place)
        #expect(ForeignNames.kind(of: name) == nil, "\(name)")
      }
    }
    #expect(ForeignNames.kind(of: "") == nil)
    // Keras 3 numbers the layers of any model.
    #expect(ForeignNames.kind(of: "layers/layer_normalization_1/vars/0") == nil)
  }
}
