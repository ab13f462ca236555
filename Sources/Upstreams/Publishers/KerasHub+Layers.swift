internal import AlbertArchitecture

extension KerasLayer {
  /// The variables of `AlbertBackbone`.
  static let backbone = variables([
    (.wordEmbeddings, "reversible_embedding", "token_embedding"),
    (.positionEmbeddings, "position_embedding", "position_embedding"),
    (.tokenTypeEmbeddings, "embedding", "segment_embedding"),
    (.embeddingLayerNormWeight, "layer_normalization", "embeddings_layer_norm"),
    (.projectionWeight, "dense", "embedding_projection"),
    inBlock(.queryWeight, "_self_attention_layer/query_dense", "self_attention_layer/query"),
    inBlock(.keyWeight, "_self_attention_layer/key_dense", "self_attention_layer/key"),
    inBlock(.valueWeight, "_self_attention_layer/value_dense", "self_attention_layer/value"),
    inBlock(
      .attentionOutputWeight, "_self_attention_layer/output_dense",
      "self_attention_layer/attention_output"),
    inBlock(
      .attentionLayerNormWeight, "_self_attention_layer_norm", "self_attention_layer_norm"),
    inBlock(.ffnWeight, "_feedforward_intermediate_dense", "feedforward_intermediate_dense"),
    inBlock(.ffnOutputWeight, "_feedforward_output_dense", "feedforward_output_dense"),
    inBlock(.fullLayerNormWeight, "_feedforward_layer_norm", "feedforward_layer_norm"),
    (.poolerWeight, "dense_1", "pooled_dense"),
  ])

  /// The variables of `AlbertMaskedLM`'s and `AlbertTextClassifier`'s heads.
  static let heads = variables([
    (.mlmDenseWeight, "masked_lm_head/_intermediate_dense", "mlm_head/intermediate_dense"),
    (
      .mlmLayerNormWeight, "masked_lm_head/_intermediate_layer_norm",
      "mlm_head/intermediate_layer_norm"
    ),
    (.mlmBias, "masked_lm_head", "mlm_head"), (.classifierWeight, "dense", "logits"),
  ])

  /// A layer by the role of its first variable, its path by classes, and that by the layers' own names.
  private typealias Paths = (first: ParameterRole, byClass: String, own: String)

  private static func inBlock(_ role: ParameterRole, _ byClass: String, _ own: String) -> Paths {
    (role, "transformer_encoder{block}/" + byClass, "group_{group}_inner_layer_{inner}/" + own)
  }

  /// The variables of layers, of which each has a weight, and behind it a bias where there is one.
  private static func variables(_ layers: [Paths]) -> [KerasLayer] {
    layers.flatMap { first, byClass, own in
      [first, first.bias].compactMap(\.self).enumerated().map { place, role in
        KerasLayer(role: role, byClass: byClass, own: own, variable: place)
      }
    }
  }
}
