package import AlbertArchitecture
package import AlbertJSON

/// The canonical config of a native file, `albert.config`: a model's config and contents as JSON.
package enum NativeConfig {
  /// The value as JSON, keys in a fixed order, by Hugging Face's names.
  package static func json(_ config: AlbertConfig, _ contents: ModelContents) -> JSONValue {
    var object = JSONObject()
    object.add("model_type", "albert")
    for (key, path) in AlbertConfig.sizes { object.add(key, config[keyPath: path]) }
    object.add("hidden_act", config.hiddenAct.rawValue)
    object.add("layer_norm_eps", config.layerNormEps)
    object.add("mlm_layer_norm_eps", config.mlmLayerNormEps)
    object.add("layer_to_group", .array(config.layerMap.groups.map { .integer(Int64($0)) }))
    object.add("embedding_projection", config.embeddingProjectionIsIdentity ? "identity" : "linear")
    object.add("pooler", .bool(contents.pooler))
    object.add("heads", .array(contents.heads.map { .string($0) }))
    if contents.taskHead != nil { object.add("num_labels", config.numLabels) }
    object.add("tied", tied(contents))
    let passthrough = config.passthrough
    object.add("hidden_dropout_prob", passthrough.hiddenDropoutProb)
    object.add("attention_probs_dropout_prob", passthrough.attentionProbsDropoutProb)
    object.add("classifier_dropout_prob", passthrough.classifierDropoutProb)
    object.add("initializer_range", passthrough.initializerRange)
    object.add("pad_token_id", passthrough.padTokenID)
    object.add("bos_token_id", passthrough.bosTokenID)
    object.add("eos_token_id", passthrough.eosTokenID)
    if let labels = passthrough.id2label {
      object.add(
        "id2label",
        .object(labels.enumerated().map { JSONMember(String($0.offset), .string($0.element)) }))
    }
    object.add("problem_type", passthrough.problemType)
    return object.value
  }

  /// Names that stand for another tensor's bytes.
  private static func tied(_ contents: ModelContents) -> JSONValue {
    guard contents.mlm else { return .object([]) }
    var object = JSONObject()
    if !contents.untiedDecoder {
      object.add(Parameter(.mlmDecoderWeight).name, Parameter(.wordEmbeddings).name)
    }
    object.add("predictions.decoder.bias", Parameter(.mlmBias).name)
    return object.value
  }
}
