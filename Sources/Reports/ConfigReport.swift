package import AlbertArchitecture
package import AlbertJSON

/// A config as reports show it, by Hugging Face's key names.
package enum ConfigReport {
  /// The object that JSON documents hold; `hidden_act` is unambiguous.
  package static func json(_ config: AlbertConfig) -> JSONValue {
    let sizes = AlbertConfig.sizes.map { JSONMember($0.key, .count(config[keyPath: $0.path])) }
    return JSONValue.object(sizes).adding([
      "hidden_act": .string(config.hiddenAct.rawValue),
      "layer_norm_eps": .number(config.layerNormEps),
      "mlm_layer_norm_eps": .number(config.mlmLayerNormEps),
      "hidden_dropout_prob": .finite(config.passthrough.hiddenDropoutProb),
      "attention_probs_dropout_prob": .finite(config.passthrough.attentionProbsDropoutProb),
    ])
  }

  /// The same as words, with what is not stated said.
  static func rows(_ config: AlbertConfig) -> [(key: String, value: String)] {
    (json(config).members ?? []).map {
      ($0.key, $0.value == .null ? "not stated" : LikenessReport.text($0.value))
    }
  }

  /// What a model's weights take, as JSON.
  static func json(_ memory: MemoryCost) -> JSONValue {
    [
      "f32": .count(memory.f32), "f16": .count(memory.f16), "bf16": .count(memory.bf16),
      "i8": .count(memory.i8),
    ]
  }

  /// The same in words.
  static func words(_ memory: MemoryCost) -> String {
    "\(Numbers.bytes(memory.f32)) in F32, \(Numbers.bytes(memory.f16)) in F16 or BF16, "
      + "\(Numbers.bytes(memory.i8)) in I8"
  }

  /// The parameters of each part of a model, as JSON.
  static func json(_ parameters: [Component: Int]) -> JSONValue {
    .object(Component.allCases.map { JSONMember($0.rawValue, .count(parameters[$0] ?? 0)) })
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
