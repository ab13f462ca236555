internal import AlbertArchitecture
internal import AlbertJSON

/// The TensorFlow Model Garden's configs as JSON: `AlbertEncoderConfig` (official/nlp/configs), alone
/// or within a task's, and what `AlbertEncoder.get_config()` gives.
enum ModelGardenConfig: ConfigDialect {
  static let title = "Model Garden"

  static func recognises(_ config: JSONValue) -> Bool { encoder(in: config) != nil }

  static func read(_ config: JSONValue) -> PartialConfig {
    var result = PartialConfig()
    guard let encoder = encoder(in: config) else { return result }
    var keys = ConfigKeys(encoder)
    result.vocabSize = keys.integer("vocab_size", default: 30000)
    result.embeddingSize = keys.integer("embedding_width", default: 128)
    result.hiddenSize = keys.integer("hidden_size", default: 768)
    result.intermediateSize = keys.integer("intermediate_size", default: 3072)
    // The config and the class call it differently.
    result.maxPositionEmbeddings =
      keys.integer("max_sequence_length") ?? keys.integer("max_position_embeddings", default: 512)
    result.typeVocabSize = keys.integer("type_vocab_size", default: 2)
    result.numHiddenLayers = keys.integer("num_layers", default: 12)
    result.numHiddenGroups = 1
    result.innerGroupNum = 1
    result.numAttentionHeads = keys.integer("num_attention_heads", default: 12)
    result.hiddenAct = activation(&keys)
    // The code has no key for it.
    result.layerNormEps = 1e-12
    result.passthrough.hiddenDropoutProb = keys.number("dropout_rate")
    result.passthrough.attentionProbsDropoutProb = keys.number("attention_dropout_rate")
    result.passthrough.initializerRange = keys.number("initializer_range")
    keys.ignore(
      "initializer", "name", "trainable", "dtype", "dict_outputs", "return_all_encoder_outputs")
    keys.finish(
      &result, names: ["num_layers": "num_hidden_layers", "hidden_activation": "hidden_act"])
    return result
  }

  /// Names of functions; each `gelu` is the tanh form there.
  private static func activation(_ keys: inout ConfigKeys) -> Activation? {
    let classKey = keys.value("activation")
    let stated = classKey?.string ?? classKey?["config"]?.string
    let name = stated ?? keys.string("hidden_activation", default: "gelu")
    switch name?.split(separator: ">").last {
    case "gelu": return .geluTanh
    case "relu": return .relu
    case "tanh": return .tanh
    case "swish", "silu": return .silu
    case nil: return nil
    case let other?:
      keys.reject(
        "hidden_activation", "'\(other)'", expected: "'gelu', 'relu', 'tanh' or 'swish'")
      return nil
    }
  }

  /// The encoder's own keys: at the top, under `albert`, or deeper in a task's config.
  private static func encoder(in config: JSONValue) -> JSONValue? {
    if config["embedding_width"] != nil, config["num_layers"] != nil { return config }
    let paths: [[String]] = [
      ["config"], ["albert"], ["encoder", "albert"], ["model", "encoder", "albert"],
      ["task", "model", "encoder", "albert"],
    ]
    for path in paths {
      let found = path.reduce(Optional(config)) { $0?[$1] }
      if let found, found["embedding_width"] != nil { return found }
    }
    return nil
  }
}
