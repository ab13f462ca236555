internal import AlbertArchitecture

/// bert4torch's `ALBERT` (models/albert.py), by itself or as the part of a user's model that is usually
/// called `bert`.
///
/// `ALBERT_Unshared` gives each layer weights of its own; the one block of `ALBERT` stands for all.
enum Bert4Torch: Upstream {
  static let name = "bert4torch"
  static let title = "bert4torch"
  static let omitsSquareProjection = true

  /// Its `gelu` is the exact form, `gelu_new` the other (activations.py).
  static let gelu: Activation? = .geluErf

  static let tables = [
    NameTable(
      rows: embeddings + block + heads, training: PyTorchTraining.names,
      territory: ["embeddings.", "encoderLayer.", "pooler.", "mlm", "nsp."], numbersLayers: true)
  ]

  private static let embeddings: [NameTable.Row] = [
    .init(.wordEmbeddings, "embeddings.word_embeddings.weight"),
    .init(.positionEmbeddings, "embeddings.position_embeddings.weight"),
    .init(.tokenTypeEmbeddings, "embeddings.segment_embeddings.weight"),
    .init(.embeddingLayerNormWeight, "embeddings.layerNorm.weight"),
    .init(.embeddingLayerNormBias, "embeddings.layerNorm.bias"),
    .init(.projectionWeight, "embeddings.embedding_hidden_mapping_in.weight"),
    .init(.projectionBias, "embeddings.embedding_hidden_mapping_in.bias"),
  ]

  private static let block: [NameTable.Row] = {
    let block = "encoderLayer.{group}."
    return [
      .init(.queryWeight, block + "multiHeadAttention.q.weight"),
      .init(.queryBias, block + "multiHeadAttention.q.bias"),
      .init(.keyWeight, block + "multiHeadAttention.k.weight"),
      .init(.keyBias, block + "multiHeadAttention.k.bias"),
      .init(.valueWeight, block + "multiHeadAttention.v.weight"),
      .init(.valueBias, block + "multiHeadAttention.v.bias"),
      .init(.attentionOutputWeight, block + "multiHeadAttention.o.weight"),
      .init(.attentionOutputBias, block + "multiHeadAttention.o.bias"),
      .init(.attentionLayerNormWeight, block + "attnLayerNorm.weight"),
      .init(.attentionLayerNormBias, block + "attnLayerNorm.bias"),
      .init(.ffnWeight, block + "feedForward.intermediateDense.weight"),
      .init(.ffnBias, block + "feedForward.intermediateDense.bias"),
      .init(.ffnOutputWeight, block + "feedForward.outputDense.weight"),
      .init(.ffnOutputBias, block + "feedForward.outputDense.bias"),
      .init(.fullLayerNormWeight, block + "ffnLayerNorm.weight"),
      .init(.fullLayerNormBias, block + "ffnLayerNorm.bias"),
    ]
  }()

  private static let heads: [NameTable.Row] = [
    .init(.poolerWeight, "pooler.weight"),
    .init(.poolerBias, "pooler.bias"),
    .init(.mlmDenseWeight, "mlmDense.weight"),
    .init(.mlmDenseBias, "mlmDense.bias"),
    .init(.mlmLayerNormWeight, "mlmLayerNorm.weight"),
    .init(.mlmLayerNormBias, "mlmLayerNorm.bias"),
    .init(.mlmBias, "mlmBias"),
    .init(.copy(of: .mlmBias, yields: true), "mlmDecoder.bias"),
    .init(.copy(of: .mlmDecoderWeight, yields: false), "mlmDecoder.weight"),
    .init(.sopWeight, "nsp.weight"),
    .init(.sopBias, "nsp.bias"),
  ]
}
