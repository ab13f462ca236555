package import AlbertArchitecture
package import AlbertJSON

/// The canonical config of a native file, `albert.config`: a model's config and contents as JSON.
package enum NativeConfig {
  /// The value as JSON, keys in a fixed order, by Hugging Face's names.
  package static func json(_ config: AlbertConfig, _ contents: ModelContents) -> JSONValue {
    var members: [JSONMember] = []
    func add(_ key: String, _ value: Int?) {
      if let value { members.append(JSONMember(key, .integer(Int64(value)))) }
    }
    func add(_ key: String, _ value: Double?) {
      if let value { members.append(JSONMember(key, .number(value))) }
    }
    func add(_ key: String, _ value: String?) {
      if let value { members.append(JSONMember(key, .string(value))) }
    }
    add("model_type", "albert")
    add("vocab_size", config.vocabSize)
    add("embedding_size", config.embeddingSize)
    add("hidden_size", config.hiddenSize)
    add("intermediate_size", config.intermediateSize)
    add("max_position_embeddings", config.maxPositionEmbeddings)
    add("type_vocab_size", config.typeVocabSize)
    add("num_hidden_layers", config.numHiddenLayers)
    add("num_hidden_groups", config.numHiddenGroups)
    add("inner_group_num", config.innerGroupNum)
    add("num_attention_heads", config.numAttentionHeads)
    add("hidden_act", config.hiddenAct.rawValue)
    add("layer_norm_eps", config.layerNormEps)
    add("mlm_layer_norm_eps", config.mlmLayerNormEps)
    members.append(
      JSONMember(
        "layer_to_group", .array(config.layerMap.groups.map { .integer(Int64($0)) })))
    add("embedding_projection", config.embeddingProjectionIsIdentity ? "identity" : "linear")
    members.append(JSONMember("pooler", .bool(contents.pooler)))
    members.append(JSONMember("heads", .array(contents.heads.map { .string($0) })))
    if contents.taskHead != nil { add("num_labels", config.numLabels) }
    members.append(JSONMember("tied", tied(contents)))
    let passthrough = config.passthrough
    add("hidden_dropout_prob", passthrough.hiddenDropoutProb)
    add("attention_probs_dropout_prob", passthrough.attentionProbsDropoutProb)
    add("classifier_dropout_prob", passthrough.classifierDropoutProb)
    add("initializer_range", passthrough.initializerRange)
    add("pad_token_id", passthrough.padTokenID)
    add("bos_token_id", passthrough.bosTokenID)
    add("eos_token_id", passthrough.eosTokenID)
    if let labels = passthrough.id2label {
      members.append(
        JSONMember(
          "id2label",
          .object(labels.enumerated().map { JSONMember(String($0.offset), .string($0.element)) })))
    }
    add("problem_type", passthrough.problemType)
    return .object(members)
  }

  /// Names that stand for another tensor's bytes.
  private static func tied(_ contents: ModelContents) -> JSONValue {
    guard contents.mlm else { return .object([]) }
    var members: [JSONMember] = []
    if !contents.untiedDecoder {
      members.append(
        JSONMember(
          Parameter(.mlmDecoderWeight).name, .string(Parameter(.wordEmbeddings).name)))
    }
    members.append(JSONMember("predictions.decoder.bias", .string(Parameter(.mlmBias).name)))
    return .object(members)
  }
}
