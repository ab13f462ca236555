package import AlbertArchitecture
package import AlbertJSON

/// A config as reports show it, by Hugging Face's key names.
package enum ConfigReport {
  /// The object that JSON documents hold; `hidden_act` is unambiguous.
  package static func json(_ config: AlbertConfig) -> JSONValue {
    .object([
      JSONMember("vocab_size", .count(config.vocabSize)),
      JSONMember("embedding_size", .count(config.embeddingSize)),
      JSONMember("hidden_size", .count(config.hiddenSize)),
      JSONMember("intermediate_size", .count(config.intermediateSize)),
      JSONMember("max_position_embeddings", .count(config.maxPositionEmbeddings)),
      JSONMember("type_vocab_size", .count(config.typeVocabSize)),
      JSONMember("num_hidden_layers", .count(config.numHiddenLayers)),
      JSONMember("num_hidden_groups", .count(config.numHiddenGroups)),
      JSONMember("inner_group_num", .count(config.innerGroupNum)),
      JSONMember("num_attention_heads", .count(config.numAttentionHeads)),
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
    let groups =
      config.numHiddenGroups == 1 && config.innerGroupNum == 1
      ? "1 set of weights"
      : "\(config.numHiddenGroups) groups of \(config.innerGroupNum) inner"
    return [
      "V \(Numbers.grouped(config.vocabSize))  E \(config.embeddingSize)  H \(config.hiddenSize)"
        + "  FFN \(config.intermediateSize)  positions \(config.maxPositionEmbeddings)"
        + "  segments \(config.typeVocabSize)",
      "\(config.numHiddenLayers) layers, \(groups), \(config.numAttentionHeads) heads of "
        + "\(config.headSize), \(config.hiddenAct.title)",
    ]
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
