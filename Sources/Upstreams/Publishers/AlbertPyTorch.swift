internal import AlbertArchitecture

/// lonePatient/albert_pytorch (model/modeling_albert.py): PyTorch with the names of Google's own code.
///
/// The vocabulary projection is tied to the word embeddings and has no bias but the head's.
enum AlbertPyTorch: Upstream {
  static let name = "albert-pytorch"
  static let title = "lonePatient/albert_pytorch"
  static let backbonePrefix: String? = "bert"
  static let tables = [withHeads, bare]
  static let squareProjection = SquareProjection.unused

  /// Of the classifier of sequences alone (`AlbertForSequenceClassification.forward`).
  static let pooledOffset: (amount: Double, since: String)? = (0.1, "January 2020")

  /// Its `gelu` is the exact form, `gelu_new` the other (`ACT2FN`).
  static let gelu: Activation? = .geluErf

  private static let withHeads = NameTable(
    rows: embeddings + block + heads, training: PyTorchTraining.names)

  private static let bare = withHeads.part(under: "bert.")

  private static let embeddings = FrameworkNames.torch.rows(
    under: "bert.",
    [
      (.wordEmbeddings, "embeddings.word_embeddings"),
      (.positionEmbeddings, "embeddings.position_embeddings"),
      (.tokenTypeEmbeddings, "embeddings.token_type_embeddings"),
      (.embeddingLayerNormWeight, "embeddings.LayerNorm"),
      (.projectionWeight, "encoder.embedding_hidden_mapping_in"),
    ])

  private static let block = FrameworkNames.torch.rows(
    under: "bert.encoder.transformer.group.{group}.inner_group.{inner}.",
    [
      (.queryWeight, "attention.self.query"), (.keyWeight, "attention.self.key"),
      (.valueWeight, "attention.self.value"), (.attentionOutputWeight, "attention.output.dense"),
      (.attentionLayerNormWeight, "LayerNorm"), (.ffnWeight, "ffn.intermediate.dense"),
      (.ffnOutputWeight, "ffn.intermediate.output.dense"), (.fullLayerNormWeight, "LayerNorm_1"),
    ])

  private static let heads: [NameTable.Row] =
    FrameworkNames.torch.rows([
      (.poolerWeight, "bert.pooler.dense"), (.mlmDenseWeight, "cls.predictions.transform.dense"),
      (.mlmLayerNormWeight, "cls.predictions.transform.LayerNorm"),
    ]) + [
      .init(.mlmBias, "cls.predictions.bias"),
      .init(.copy(of: .mlmDecoderWeight, yields: true), "cls.predictions.decoder.weight"),
    ]
    + FrameworkNames.torch.rows([
      (.sopWeight, "cls.seq_relationship"), (.classifierWeight, "classifier"),
      (.qaOutputsWeight, "qa_outputs"),
    ])
}
