internal import AlbertArchitecture

/// Hugging Face's Flax classes (transformers, modeling_flax_albert.py).
///
/// Kernels are [in, out]; the vocabulary projection is the word embeddings unless the config says that
/// the two are not tied. Rows stand in the order in which the classes write.
enum HuggingFaceFlax: Upstream {
  static let name = "huggingface-flax"
  static let title = "Hugging Face's Flax classes"
  static let gelu: Activation? = .geluErf
  static let dialect: (any ConfigDialect.Type)? = HuggingFaceConfig.self
  static let tables = [withHeads, bare]

  /// Files of the classes with heads: the backbone under `albert/`.
  static let withHeads = NameTable(rows: backbone("albert/") + heads, training: training)

  /// Files of `FlaxAlbertModel` alone: no prefix.
  static let bare = NameTable(rows: backbone(""), training: training)

  /// What Optax keeps beside the parameters in a whole training state.
  private static let training = TrainingNames(
    names: ["step", "rng", "dropout_rng"], prefixes: ["opt_state/"])

  private static func backbone(_ start: String) -> [NameTable.Row] {
    let embeddings = start + "embeddings/"
    let encoder = start + "encoder/"
    let block = encoder + "albert_layer_groups/{group}/albert_layers/{inner}/"
    return [
      .init(.wordEmbeddings, embeddings + "word_embeddings/embedding"),
      .init(.positionEmbeddings, embeddings + "position_embeddings/embedding"),
      .init(.tokenTypeEmbeddings, embeddings + "token_type_embeddings/embedding"),
      .init(.embeddingLayerNormWeight, embeddings + "LayerNorm/scale"),
      .init(.embeddingLayerNormBias, embeddings + "LayerNorm/bias"),
      .init(.projectionWeight, encoder + "embedding_hidden_mapping_in/kernel", .transposed),
      .init(.projectionBias, encoder + "embedding_hidden_mapping_in/bias"),
      .init(.fullLayerNormWeight, block + "full_layer_layer_norm/scale"),
      .init(.fullLayerNormBias, block + "full_layer_layer_norm/bias"),
      .init(.queryWeight, block + "attention/query/kernel", .transposed),
      .init(.queryBias, block + "attention/query/bias"),
      .init(.keyWeight, block + "attention/key/kernel", .transposed),
      .init(.keyBias, block + "attention/key/bias"),
      .init(.valueWeight, block + "attention/value/kernel", .transposed),
      .init(.valueBias, block + "attention/value/bias"),
      .init(.attentionOutputWeight, block + "attention/dense/kernel", .transposed),
      .init(.attentionOutputBias, block + "attention/dense/bias"),
      .init(.attentionLayerNormWeight, block + "attention/LayerNorm/scale"),
      .init(.attentionLayerNormBias, block + "attention/LayerNorm/bias"),
      .init(.ffnWeight, block + "ffn/kernel", .transposed),
      .init(.ffnBias, block + "ffn/bias"),
      .init(.ffnOutputWeight, block + "ffn_output/kernel", .transposed),
      .init(.ffnOutputBias, block + "ffn_output/bias"),
      .init(.poolerWeight, start + "pooler/kernel", .transposed),
      .init(.poolerBias, start + "pooler/bias"),
    ]
  }

  private static let heads: [NameTable.Row] = [
    .init(.mlmBias, "predictions/bias"),
    .init(.mlmLayerNormWeight, "predictions/LayerNorm/scale"),
    .init(.mlmLayerNormBias, "predictions/LayerNorm/bias"),
    .init(.mlmDenseWeight, "predictions/dense/kernel", .transposed),
    .init(.mlmDenseBias, "predictions/dense/bias"),
    .init(.copy(of: .mlmDecoderWeight, yields: true), "predictions/decoder/kernel", .transposed),
    .init(.sopWeight, "sop_classifier/classifier/kernel", .transposed),
    .init(.sopBias, "sop_classifier/classifier/bias"),
    .init(.classifierWeight, "classifier/kernel", .transposed),
    .init(.classifierBias, "classifier/bias"),
    .init(.qaOutputsWeight, "qa_outputs/kernel", .transposed),
    .init(.qaOutputsBias, "qa_outputs/bias"),
  ]
}
