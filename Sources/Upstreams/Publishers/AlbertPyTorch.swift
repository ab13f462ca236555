internal import AlbertArchitecture

/// lonePatient/albert_pytorch (model/modeling_albert.py): PyTorch with the names of Google's own code.
///
/// The vocabulary projection is tied to the word embeddings and has no bias but the head's.
enum AlbertPyTorch: Upstream {
  static let name = "albert-pytorch"
  static let title = "lonePatient/albert_pytorch"
  static let backbonePrefix: String? = "bert"
  static let tables = [withHeads, bare]

  /// Its `gelu` is the exact form, `gelu_new` the other (`ACT2FN`).
  static let gelu: Activation? = .geluErf

  private static let withHeads = NameTable(
    rows: embeddings + block + heads, training: PyTorchTraining.names)

  private static let bare = withHeads.part(under: "bert.")

  private static let embeddings: [NameTable.Row] = [
    .init(.wordEmbeddings, "bert.embeddings.word_embeddings.weight"),
    .init(.positionEmbeddings, "bert.embeddings.position_embeddings.weight"),
    .init(.tokenTypeEmbeddings, "bert.embeddings.token_type_embeddings.weight"),
    .init(.embeddingLayerNormWeight, "bert.embeddings.LayerNorm.weight"),
    .init(.embeddingLayerNormBias, "bert.embeddings.LayerNorm.bias"),
    .init(.projectionWeight, "bert.encoder.embedding_hidden_mapping_in.weight"),
    .init(.projectionBias, "bert.encoder.embedding_hidden_mapping_in.bias"),
  ]

  private static let block: [NameTable.Row] = {
    let block = "bert.encoder.transformer.group.{group}.inner_group.{inner}."
    return [
      .init(.queryWeight, block + "attention.self.query.weight"),
      .init(.queryBias, block + "attention.self.query.bias"),
      .init(.keyWeight, block + "attention.self.key.weight"),
      .init(.keyBias, block + "attention.self.key.bias"),
      .init(.valueWeight, block + "attention.self.value.weight"),
      .init(.valueBias, block + "attention.self.value.bias"),
      .init(.attentionOutputWeight, block + "attention.output.dense.weight"),
      .init(.attentionOutputBias, block + "attention.output.dense.bias"),
      .init(.attentionLayerNormWeight, block + "LayerNorm.weight"),
      .init(.attentionLayerNormBias, block + "LayerNorm.bias"),
      .init(.ffnWeight, block + "ffn.intermediate.dense.weight"),
      .init(.ffnBias, block + "ffn.intermediate.dense.bias"),
      .init(.ffnOutputWeight, block + "ffn.intermediate.output.dense.weight"),
      .init(.ffnOutputBias, block + "ffn.intermediate.output.dense.bias"),
      .init(.fullLayerNormWeight, block + "LayerNorm_1.weight"),
      .init(.fullLayerNormBias, block + "LayerNorm_1.bias"),
    ]
  }()

  private static let heads: [NameTable.Row] = [
    .init(.poolerWeight, "bert.pooler.dense.weight"),
    .init(.poolerBias, "bert.pooler.dense.bias"),
    .init(.mlmDenseWeight, "cls.predictions.transform.dense.weight"),
    .init(.mlmDenseBias, "cls.predictions.transform.dense.bias"),
    .init(.mlmLayerNormWeight, "cls.predictions.transform.LayerNorm.weight"),
    .init(.mlmLayerNormBias, "cls.predictions.transform.LayerNorm.bias"),
    .init(.mlmBias, "cls.predictions.bias"),
    .init(.copy(of: .mlmDecoderWeight, yields: true), "cls.predictions.decoder.weight"),
    .init(.sopWeight, "cls.seq_relationship.weight"),
    .init(.sopBias, "cls.seq_relationship.bias"),
    .init(.classifierWeight, "classifier.weight"),
    .init(.classifierBias, "classifier.bias"),
    .init(.qaOutputsWeight, "qa_outputs.weight"),
    .init(.qaOutputsBias, "qa_outputs.bias"),
  ]
}
