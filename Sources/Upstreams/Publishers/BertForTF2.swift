internal import AlbertArchitecture

/// kpe/bert-for-tf2 (bert/embeddings.py, bert/transformer.py) in Keras 2's H5 files and TensorFlow 2's
/// checkpoints, of which the variables' names tell: an ALBERT layer, named by its user, within the user's model.
///
/// There is no pooler. Where the layer was made without token types, or its projection without a bias, none are
/// added: zeros express it.
enum BertForTF2: Upstream {
  static let name = "bert-for-tf2"
  static let title = "kpe/bert-for-tf2"
  static let squareProjection = SquareProjection.omitted

  /// Its GELU is the tanh form (params_flow/activations.py).
  static let gelu: Activation? = .geluTanh
  static let hasOnlyTanhGELU = true

  static let tables = [
    table(words: google, zeros: [.tokenTypeEmbeddings, .projectionBias]), table(words: brightmart),
    table(words: google, zeros: [.tokenTypeEmbeddings, .projectionBias], isH5: false),
    table(words: brightmart, isH5: false),
  ]

  private static func table(
    words: [NameTable.Row], zeros: Set<ParameterRole> = [.tokenTypeEmbeddings], isH5: Bool = true
  ) -> NameTable {
    NameTable(
      rows: words + rows, suffix: isH5 ? ":0" : "", training: TensorFlowObjects.training,
      buffers: isH5 ? [:] : TensorFlowObjects.buffers, zeros: zeros, territory: ["{scope}/"])
  }

  private static let embeddings = "{scope}/embeddings/"

  /// Made from Google's weights.
  private static let google: [NameTable.Row] = [
    .init(.wordEmbeddings, embeddings + "word_embeddings/embeddings"),
    .init(.projectionWeight, embeddings + "word_embeddings_projector/projector", .transposed),
    .init(.projectionBias, embeddings + "word_embeddings_projector/bias"),
  ]

  /// Made from brightmart's, with a projection of the words alone; a bias would be added to each of them.
  private static let brightmart: [NameTable.Row] = [
    .init(.wordEmbeddings, embeddings + "\(WordFactors.product)/embeddings"),
    .init(.buffer(WordFactors.meaning), embeddings + "word_embeddings/embeddings"),
    .init(.buffer(WordFactors.meaning), embeddings + "word_embeddings_projector/projector"),
    .init(.buffer(WordFactors.meaning), embeddings + "word_embeddings_projector/bias"),
  ]

  private static let rows =
    FrameworkNames.tensorFlow.rows(
      under: embeddings,
      [
        (.positionEmbeddings, "position_embeddings"),
        (.tokenTypeEmbeddings, "token_type_embeddings"), (.embeddingLayerNormWeight, "LayerNorm"),
      ])
    + FrameworkNames.tensorFlow.rows(
      under: "{scope}/encoder/layer_shared/",
      Brightmart.layers.map { ($0, $0 == .ffnWeight ? "intermediate" : $1) })
}
