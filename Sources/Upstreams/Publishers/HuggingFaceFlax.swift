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
  static let tables = [withHeads, bare, withHeads.dotted, bare.dotted]

  /// Files of the classes with heads: the backbone under `albert/`.
  static let withHeads = NameTable(rows: backbone("albert/") + heads, training: training)

  /// Files of `FlaxAlbertModel` alone: no prefix.
  static let bare = NameTable(rows: backbone(""), training: training)

  /// What Optax keeps beside the parameters in a whole training state.
  private static let training = TrainingNames(
    names: ["step", "rng", "dropout_rng"], prefixes: ["opt_state/"])

  private static func backbone(_ start: String) -> [NameTable.Row] {
    let block = "encoder/albert_layer_groups/{group}/albert_layers/{inner}/"
    return FrameworkNames.flax.rows(
      under: start,
      [
        (.wordEmbeddings, "embeddings/word_embeddings"),
        (.positionEmbeddings, "embeddings/position_embeddings"),
        (.tokenTypeEmbeddings, "embeddings/token_type_embeddings"),
        (.embeddingLayerNormWeight, "embeddings/LayerNorm"),
        (.projectionWeight, "encoder/embedding_hidden_mapping_in"),
        (.fullLayerNormWeight, block + "full_layer_layer_norm"),
        (.queryWeight, block + "attention/query"), (.keyWeight, block + "attention/key"),
        (.valueWeight, block + "attention/value"),
        (.attentionOutputWeight, block + "attention/dense"),
        (.attentionLayerNormWeight, block + "attention/LayerNorm"), (.ffnWeight, block + "ffn"),
        (.ffnOutputWeight, block + "ffn_output"), (.poolerWeight, "pooler"),
      ])
  }

  private static let heads: [NameTable.Row] =
    [.init(.mlmBias, "predictions/bias")]
    + FrameworkNames.flax.rows([
      (.mlmLayerNormWeight, "predictions/LayerNorm"), (.mlmDenseWeight, "predictions/dense"),
    ]) + [
      .init(.copy(of: .mlmDecoderWeight, yields: true), "predictions/decoder/kernel", .transposed)
    ]
    + FrameworkNames.flax.rows([
      (.sopWeight, "sop_classifier/classifier"), (.classifierWeight, "classifier"),
      (.qaOutputsWeight, "qa_outputs"),
    ])
}

extension NameTable {
  /// The same names with dots, as the classes join them for safetensors, and pickles of the parameters have them.
  fileprivate var dotted: NameTable {
    NameTable(
      rows: rows.map { $0.named($0.template.exchanging("/", for: ".")) },
      training: TrainingNames(
        names: training.names, prefixes: training.prefixes.map { $0.exchanging("/", for: ".") }))
  }
}
