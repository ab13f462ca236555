internal import AlbertArchitecture
internal import AlbertBytes

/// brightmart/albert_zh's own architecture (modeling.py), of which Google's layout came later: the word
/// embeddings are multiplied with a projection before positions and segments are added, which are as wide
/// as the layers.
///
/// The product of the two is the word table of an ALBERT whose embeddings are as wide as its layers: the
/// masked-LM head too multiplies with both. All layers are one module.
enum Brightmart: Upstream {
  static let name = "brightmart"
  static let title = "brightmart's albert_zh"
  static let gelu: Activation? = .geluTanh
  static let hasOnlyTanhGELU = true
  static let layerNormEps: Double? = 1e-12
  static let squareProjection = SquareProjection.omitted
  static let leavesLayerNormOrderOpen = true
  static let classifierHead: TaskHead? = .sequenceClassification
  static let scoresChoices = true
  static let tables = [table]
  static let backboneTables = [table.part(under: "bert/")]
  static let backbonePrefix: String? = "bert"

  private static let table = NameTable(
    rows: embeddings + block + GoogleTF1.pretraining + GoogleTF1.heads(atRoot: false),
    training: GoogleTF1.training)

  private static let embeddings: [NameTable.Row] =
    [
      .init(.wordEmbeddings, "bert/embeddings/\(WordFactors.product)"),
      .init(.buffer(WordFactors.meaning), "bert/embeddings/word_embeddings"),
      .init(.buffer(WordFactors.meaning), "bert/embeddings/word_embeddings_2"),
      .init(.positionEmbeddings, "bert/embeddings/position_embeddings"),
      .init(.tokenTypeEmbeddings, "bert/embeddings/token_type_embeddings"),
    ] + FrameworkNames.tensorFlow.rows([(.embeddingLayerNormWeight, "bert/embeddings/LayerNorm")])

  private static let block = FrameworkNames.tensorFlow.rows(
    under: "bert/encoder/layer_shared/", layers)

  /// BERT's names, of one layer.
  static let layers: [FrameworkNames.Layer] = [
    (.queryWeight, "attention/self/query"), (.keyWeight, "attention/self/key"),
    (.valueWeight, "attention/self/value"), (.attentionOutputWeight, "attention/output/dense"),
    (.attentionLayerNormWeight, "attention/output/LayerNorm"), (.ffnWeight, "intermediate/dense"),
    (.ffnOutputWeight, "output/dense"), (.fullLayerNormWeight, "output/LayerNorm"),
  ]
}

/// The same architecture in lonePatient/albert_pytorch (model/modeling_albert_bright.py), without a
/// masked-LM head: that has a projection of its own there.
enum BrightmartPyTorch: Upstream {
  static let name = "albert-pytorch-bright"
  static let title = "lonePatient/albert_pytorch's copy of brightmart's albert_zh"
  static let gelu: Activation? = .geluErf
  static let squareProjection = SquareProjection.omitted
  static let tables = [table, table.part(under: "bert.")]
  static let backbonePrefix: String? = "bert"

  private static let table = NameTable(
    rows: embeddings + block + heads, training: PyTorchTraining.names)

  private static let embeddings: [NameTable.Row] =
    [
      .init(.wordEmbeddings, "bert.embeddings.\(WordFactors.product).weight"),
      .init(.buffer(WordFactors.meaning), "bert.embeddings.word_embeddings.weight"),
      .init(.buffer(WordFactors.meaning), "bert.embeddings.word_embeddings_2.weight"),
    ]
    + FrameworkNames.torch.rows(
      under: "bert.embeddings.",
      [
        (.positionEmbeddings, "position_embeddings"),
        (.tokenTypeEmbeddings, "token_type_embeddings"), (.embeddingLayerNormWeight, "LayerNorm"),
      ])

  private static let block = FrameworkNames.torch.rows(
    under: "bert.encoder.layer_shared.",
    Brightmart.layers.map { ($0, $1.exchanging("/", for: ".")) })

  private static let heads = FrameworkNames.torch.rows([
    (.poolerWeight, "bert.pooler.dense"), (.sopWeight, "cls.seq_relationship"),
    (.classifierWeight, "classifier"), (.qaOutputsWeight, "qa_outputs"),
  ])
}
