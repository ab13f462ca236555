internal import AlbertArchitecture
internal import AlbertTensors

extension KerasLayer {
  private static let blockByClass = "transformer_encoder{block}/"
  private static let block = "group_{group}_inner_layer_{inner}/"

  private static func inBlock(
    _ role: ParameterRole, _ byClass: String, _ own: String, _ variable: Int
  )
    -> KerasLayer
  {
    KerasLayer(role, blockByClass + byClass, block + own, variable, keras(role))
  }

  /// Keras' kernels are [in, out], with the attention's heads as an axis of their own.
  private static func keras(_ role: ParameterRole) -> Layout {
    switch role {
    case .queryWeight, .keyWeight, .valueWeight: .outputHeads
    case .queryBias, .keyBias, .valueBias: .heads
    case .attentionOutputWeight: .inputHeads
    default: role.isLinearWeight ? .transposed : .canonical
    }
  }

  /// The variables of `AlbertBackbone`.
  static let backbone: [KerasLayer] = [
    .init(.wordEmbeddings, "reversible_embedding", "token_embedding", 0),
    .init(.positionEmbeddings, "position_embedding", "position_embedding", 0),
    .init(.tokenTypeEmbeddings, "embedding", "segment_embedding", 0),
    .init(.embeddingLayerNormWeight, "layer_normalization", "embeddings_layer_norm", 0),
    .init(.embeddingLayerNormBias, "layer_normalization", "embeddings_layer_norm", 1),
    .init(.projectionWeight, "dense", "embedding_projection", 0, .transposed),
    .init(.projectionBias, "dense", "embedding_projection", 1),
    inBlock(.queryWeight, "_self_attention_layer/query_dense", "self_attention_layer/query", 0),
    inBlock(.queryBias, "_self_attention_layer/query_dense", "self_attention_layer/query", 1),
    inBlock(.keyWeight, "_self_attention_layer/key_dense", "self_attention_layer/key", 0),
    inBlock(.keyBias, "_self_attention_layer/key_dense", "self_attention_layer/key", 1),
    inBlock(.valueWeight, "_self_attention_layer/value_dense", "self_attention_layer/value", 0),
    inBlock(.valueBias, "_self_attention_layer/value_dense", "self_attention_layer/value", 1),
    inBlock(
      .attentionOutputWeight, "_self_attention_layer/output_dense",
      "self_attention_layer/attention_output", 0),
    inBlock(
      .attentionOutputBias, "_self_attention_layer/output_dense",
      "self_attention_layer/attention_output", 1),
    inBlock(
      .attentionLayerNormWeight, "_self_attention_layer_norm", "self_attention_layer_norm", 0),
    inBlock(.attentionLayerNormBias, "_self_attention_layer_norm", "self_attention_layer_norm", 1),
    inBlock(
      .ffnWeight, "_feedforward_intermediate_dense", "feedforward_intermediate_dense", 0),
    inBlock(.ffnBias, "_feedforward_intermediate_dense", "feedforward_intermediate_dense", 1),
    inBlock(.ffnOutputWeight, "_feedforward_output_dense", "feedforward_output_dense", 0),
    inBlock(.ffnOutputBias, "_feedforward_output_dense", "feedforward_output_dense", 1),
    inBlock(.fullLayerNormWeight, "_feedforward_layer_norm", "feedforward_layer_norm", 0),
    inBlock(.fullLayerNormBias, "_feedforward_layer_norm", "feedforward_layer_norm", 1),
    .init(.poolerWeight, "dense_1", "pooled_dense", 0, .transposed),
    .init(.poolerBias, "dense_1", "pooled_dense", 1),
  ]

  /// The variables of `AlbertMaskedLM`'s and `AlbertTextClassifier`'s heads.
  static let heads: [KerasLayer] = [
    .init(
      .mlmDenseWeight, "masked_lm_head/_intermediate_dense", "mlm_head/intermediate_dense", 0,
      .transposed),
    .init(.mlmDenseBias, "masked_lm_head/_intermediate_dense", "mlm_head/intermediate_dense", 1),
    .init(
      .mlmLayerNormWeight, "masked_lm_head/_intermediate_layer_norm",
      "mlm_head/intermediate_layer_norm", 0),
    .init(
      .mlmLayerNormBias, "masked_lm_head/_intermediate_layer_norm",
      "mlm_head/intermediate_layer_norm", 1),
    .init(.mlmBias, "masked_lm_head", "mlm_head", 0),
    .init(.classifierWeight, "dense", "logits", 0, .transposed),
    .init(.classifierBias, "dense", "logits", 1),
  ]
}
