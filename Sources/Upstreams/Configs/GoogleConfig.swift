internal import AlbertBytes
internal import AlbertArchitecture
internal import AlbertJSON

/// Google's `albert_config.json` (google-research/albert, modeling.py, `AlbertConfig`).
enum GoogleConfig: ConfigDialect {
  static let title = "Google"

  static func recognises(_ config: JSONValue) -> Bool {
    guard config["hidden_size"] != nil, config["num_attention_heads"] != nil else { return false }
    return config["embedding_size"] != nil
      || config["model_type"] == nil && ownKeys.contains { config[$0] != nil }
  }

  /// Whether a config has the keys that BERT's and Google's share, and none that tells them apart.
  ///
  /// Made from a BERT's, an ALBERT's may lack the key that BERT has not; Google's code then takes its
  /// default.
  static func mayBeBERTs(_ config: JSONValue) -> Bool {
    !recognises(config) && config["model_type"] == nil && config["architectures"] == nil
      && ["hidden_size", "num_attention_heads", "num_hidden_layers", "vocab_size"]
        .allSatisfy { config[$0] != nil }
  }

  /// Keys that no BERT has.
  private static let ownKeys = [
    "num_hidden_groups", "inner_group_num", "net_structure_type", "num_memory_blocks", "gap_size",
    "down_scale_factor",
  ]

  static func read(_ config: JSONValue) -> PartialConfig {
    var keys = ConfigKeys(config)
    var result = PartialConfig()
    keys.takeSizes(vocabulary: nil, into: &result)
    // The code's names (modeling.py, `get_activation`), in which `gelu` is the tanh form, and those
    // by which a user states a form of GELU.
    keys.takeActivation(
      "hidden_act", default: "gelu", gelu: .geluTanh,
      allowed: ["gelu", "relu", "tanh", "gelu_new"], ignoresCase: true, into: &result)
    result.layerNormEps = layerNormEps(&keys)
    result.passthrough.hiddenDropoutProb = keys.number("hidden_dropout_prob")
    result.passthrough.attentionProbsDropoutProb = keys.number("attention_probs_dropout_prob")
    result.passthrough.initializerRange = keys.number("initializer_range")
    keys.takeOwnKeys(into: &result)
    keys.takeGooglesStructure(into: &result)
    keys.finish(&result)
    return result
  }

  /// The epsilon of every LayerNorm.
  ///
  /// Google's code has no key for it: `contrib_layers.layer_norm` uses 1e-12 throughout. Trainers who took
  /// over its config have one, and their code follows it.
  private static func layerNormEps(_ keys: inout ConfigKeys) -> Double {
    let own = 1e-12
    guard let stated = keys.number("layer_norm_eps"), stated != own else { return own }
    keys.report(
      Finding(
        .warning, code: "config-layer-norm-eps",
        "the config says layer_norm_eps \(stated), which was taken; Google's own code has no such key and "
          + "computes with \(own)",
        remedy: "where Google's code is to run the model, take the key out of the config"))
    return stated
  }
}

extension ConfigKeys {
  /// Takes the sizes and counts; where a key is missing, the default that Google's `AlbertConfig` has and
  /// Hugging Face's took over, but for the vocabulary.
  mutating func takeSizes(vocabulary: Int?, into config: inout PartialConfig) {
    config.vocabSize = integer("vocab_size", default: vocabulary)
    config.embeddingSize = integer("embedding_size", default: 128)
    config.hiddenSize = integer("hidden_size", default: 4096)
    config.intermediateSize = integer("intermediate_size", default: 16384)
    config.maxPositionEmbeddings = integer("max_position_embeddings", default: 512)
    config.typeVocabSize = integer("type_vocab_size", default: 2)
    config.numHiddenLayers = integer("num_hidden_layers", default: 12)
    config.numHiddenGroups = integer("num_hidden_groups", default: 1)
    config.innerGroupNum = integer("inner_group_num", default: 1)
    config.numAttentionHeads = integer("num_attention_heads", default: 64)
  }

  /// Accounts for Google's keys of structures that its code never got, and rejects those that would
  /// be another architecture.
  ///
  /// They are copied into configs of every dialect.
  mutating func takeGooglesStructure(into config: inout PartialConfig) {
    if let downScale = integer("down_scale_factor"), downScale != 1 {
      reject("down_scale_factor", String(downScale), expected: "1")
    }
    config.layerNormOrder = string("ln_type")
    if let order = config.layerNormOrder, order != "postln" {
      report(
        Finding(
          .error, code: "pre-layer-norm",
          "ln_type is '\(order)': LayerNorm before each sublayer is another architecture",
          remedy: "use the code that trained it"))
    }
    // Read by no line of the code that builds the model; the last six are left over from BERT's.
    ignore(
      "net_structure_type", "gap_size", "num_memory_blocks", "layers_to_keep", "directionality",
      "backward_compatible",
      "pooler_fc_size", "pooler_num_attention_heads", "pooler_num_fc_layers",
      "pooler_size_per_head", "pooler_type")
  }
}
