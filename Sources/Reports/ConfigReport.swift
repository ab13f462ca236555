package import AlbertArchitecture
package import AlbertJSON

/// A config as reports show it, by Hugging Face's key names.
package enum ConfigReport {
  /// The object that JSON documents hold; `hidden_act` is unambiguous.
  package static func json(_ config: AlbertConfig) -> JSONValue {
    let sizes = AlbertConfig.sizes.map { JSONMember($0.key, .count(config[keyPath: $0.path])) }
    return .object(
      sizes + [
        JSONMember("hidden_act", .string(config.hiddenAct.rawValue)),
        JSONMember("layer_norm_eps", .number(config.layerNormEps)),
        JSONMember("mlm_layer_norm_eps", .number(config.mlmLayerNormEps)),
        JSONMember("hidden_dropout_prob", .optional(config.passthrough.hiddenDropoutProb)),
        JSONMember(
          "attention_probs_dropout_prob", .optional(config.passthrough.attentionProbsDropoutProb)),
      ])
  }

  /// The config in two lines.
  package static func lines(_ config: AlbertConfig) -> [String] {
    return [
      "V \(Numbers.grouped(config.vocabSize))  E \(config.embeddingSize)  H \(config.hiddenSize)"
        + "  FFN \(config.intermediateSize)  positions \(config.maxPositionEmbeddings)"
        + "  segments \(config.typeVocabSize)",
      "\(config.numHiddenLayers) layers, \(sets(config)), \(config.numAttentionHeads) heads of "
        + "\(config.headSize), \(config.hiddenAct.title)",
    ]
  }

  /// Which layers share what: `12 layers use 1 set of weights`.
  static func sharing(_ config: AlbertConfig) -> String {
    let layers = config.numHiddenLayers
    return "\(Numbers.count(layers, "layer")) \(layers == 1 ? "uses" : "use") \(sets(config))"
  }

  /// The sets of weights, each of one inner layer or several.
  private static func sets(_ config: AlbertConfig) -> String {
    let inner = config.innerGroupNum
    return "\(Numbers.count(config.numHiddenGroups, "set")) of "
      + (inner > 1 ? "\(inner) inner layers" : "weights")
  }
}

extension JSONValue {
  /// A number, or null where there is none.
  package static func optional(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }
}

extension Activation {
  /// The activation in words.
  package var title: String {
    switch self {
    case .geluErf: "exact GELU"
    case .geluTanh: "tanh GELU"
    case .relu: "ReLU"
    case .silu: "SiLU"
    case .tanh: "tanh"
    }
  }
}
