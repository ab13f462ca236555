package import AlbertArchitecture
package import AlbertJSON

extension ConfigWriting {
  /// Google's `albert_config.json`, with the keys of its published files in their order.
  ///
  /// The activation must be one that its code has: the tanh form of GELU, ReLU or tanh.
  package static func google(_ config: AlbertConfig) -> JSONValue {
    var object = JSONObject()
    object.add("attention_probs_dropout_prob", config.passthrough.attentionProbsDropoutProb)
    object.add("hidden_act", GoogleConfig.word(config.hiddenAct))
    object.add("hidden_dropout_prob", config.passthrough.hiddenDropoutProb)
    object.add("embedding_size", config.embeddingSize)
    object.add("hidden_size", config.hiddenSize)
    object.add("initializer_range", config.passthrough.initializerRange)
    object.add("intermediate_size", config.intermediateSize)
    object.add("max_position_embeddings", config.maxPositionEmbeddings)
    object.add("num_attention_heads", config.numAttentionHeads)
    object.add("num_hidden_layers", config.numHiddenLayers)
    object.add("num_hidden_groups", config.numHiddenGroups)
    object.add("net_structure_type", 0)
    object.add("gap_size", 0)
    object.add("num_memory_blocks", 0)
    object.add("inner_group_num", config.innerGroupNum)
    object.add("down_scale_factor", 1)
    object.add("type_vocab_size", config.typeVocabSize)
    object.add("vocab_size", config.vocabSize)
    return object.value
  }
}

extension GoogleConfig {
  /// The name in the code (modeling.py, `get_activation`); nil for an activation that it lacks.
  static func word(_ activation: Activation) -> String? {
    switch activation {
    case .geluTanh: "gelu"
    case .relu: "relu"
    case .tanh: "tanh"
    case .geluErf, .silu: nil
    }
  }
}
