internal import AlbertArchitecture

/// bert4torch's `ALBERT` (models/albert.py), by itself or as the part of a user's model that is usually
/// called `bert`.
///
/// `ALBERT_Unshared` gives each layer weights of its own; the one block of `ALBERT` stands for all.
enum Bert4Torch: Upstream {
  static let name = "bert4torch"
  static let title = "bert4torch"
  static let squareProjection = SquareProjection.omitted

  /// Its `gelu` is the exact form, `gelu_new` the other (activations.py).
  static let gelu: Activation? = .geluErf

  /// `tie_word_embeddings` is off unless asked for (models/bert.py).
  static let decodesWithStored = true

  static let tables = [
    NameTable(
      rows: embeddings + block + heads, training: PyTorchTraining.names,
      territory: ["embeddings.", "encoderLayer.", "pooler.", "mlm", "nsp."], numbersLayers: true)
  ]

  private static let embeddings = FrameworkNames.torch.rows(
    under: "embeddings.",
    [
      (.wordEmbeddings, "word_embeddings"), (.positionEmbeddings, "position_embeddings"),
      (.tokenTypeEmbeddings, "segment_embeddings"), (.embeddingLayerNormWeight, "layerNorm"),
      (.projectionWeight, "embedding_hidden_mapping_in"),
    ])

  private static let block = FrameworkNames.torch.rows(
    under: "encoderLayer.{group}.",
    [
      (.queryWeight, "multiHeadAttention.q"), (.keyWeight, "multiHeadAttention.k"),
      (.valueWeight, "multiHeadAttention.v"), (.attentionOutputWeight, "multiHeadAttention.o"),
      (.attentionLayerNormWeight, "attnLayerNorm"), (.ffnWeight, "feedForward.intermediateDense"),
      (.ffnOutputWeight, "feedForward.outputDense"), (.fullLayerNormWeight, "ffnLayerNorm"),
    ])

  private static let heads: [NameTable.Row] =
    FrameworkNames.torch.rows([
      (.poolerWeight, "pooler"), (.mlmDenseWeight, "mlmDense"),
      (.mlmLayerNormWeight, "mlmLayerNorm"),
    ]) + [
      .init(.mlmBias, "mlmBias"),
      .init(.copy(of: .mlmBias, yields: true), "mlmDecoder.bias"),
      .init(.copy(of: .mlmDecoderWeight, yields: false), "mlmDecoder.weight"),
    ] + FrameworkNames.torch.rows([(.sopWeight, "nsp")])
}
