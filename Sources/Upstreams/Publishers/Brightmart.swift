internal import AlbertArchitecture

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
  static let layerNormEps: Double? = 1e-12
  static let omitsSquareProjection = true
  static let leavesLayerNormOrderOpen = true
  static let classifierHead: TaskHead? = .sequenceClassification
  static let scoresChoices = true
  static let tables = [table]
  static let backboneTables = [table.part(under: "bert/")]
  static let backbonePrefix: String? = "bert"

  /// Its `gelu` is the tanh form, and it has no other.
  static func activation(_ stated: Activation?) -> Activation? { GoogleTF1.activation(stated) }

  private static let table = NameTable(
    rows: embeddings + block + GoogleTF1.pretraining + GoogleTF1.heads(atRoot: false),
    training: GoogleTF1.training)

  private static let embeddings: [NameTable.Row] = [
    .init(.wordEmbeddings, "bert/embeddings/\(WordFactors.product)"),
    .init(.buffer(WordFactors.meaning), "bert/embeddings/word_embeddings"),
    .init(.buffer(WordFactors.meaning), "bert/embeddings/word_embeddings_2"),
    .init(.positionEmbeddings, "bert/embeddings/position_embeddings"),
    .init(.tokenTypeEmbeddings, "bert/embeddings/token_type_embeddings"),
    .init(.embeddingLayerNormWeight, "bert/embeddings/LayerNorm/gamma"),
    .init(.embeddingLayerNormBias, "bert/embeddings/LayerNorm/beta"),
  ]

  /// BERT's names, of one layer.
  private static let block: [NameTable.Row] = {
    let block = "bert/encoder/layer_shared/"
    return [
      .init(.queryWeight, block + "attention/self/query/kernel", .transposed),
      .init(.queryBias, block + "attention/self/query/bias"),
      .init(.keyWeight, block + "attention/self/key/kernel", .transposed),
      .init(.keyBias, block + "attention/self/key/bias"),
      .init(.valueWeight, block + "attention/self/value/kernel", .transposed),
      .init(.valueBias, block + "attention/self/value/bias"),
      .init(.attentionOutputWeight, block + "attention/output/dense/kernel", .transposed),
      .init(.attentionOutputBias, block + "attention/output/dense/bias"),
      .init(.attentionLayerNormWeight, block + "attention/output/LayerNorm/gamma"),
      .init(.attentionLayerNormBias, block + "attention/output/LayerNorm/beta"),
      .init(.ffnWeight, block + "intermediate/dense/kernel", .transposed),
      .init(.ffnBias, block + "intermediate/dense/bias"),
      .init(.ffnOutputWeight, block + "output/dense/kernel", .transposed),
      .init(.ffnOutputBias, block + "output/dense/bias"),
      .init(.fullLayerNormWeight, block + "output/LayerNorm/gamma"),
      .init(.fullLayerNormBias, block + "output/LayerNorm/beta"),
    ]
  }()
}

/// The same architecture in lonePatient/albert_pytorch (model/modeling_albert_bright.py), without a
/// masked-LM head: that has a projection of its own there.
enum BrightmartPyTorch: Upstream {
  static let name = "albert-pytorch-bright"
  static let title = "lonePatient/albert_pytorch's copy of brightmart's albert_zh"
  static let gelu: Activation? = .geluErf
  static let omitsSquareProjection = true
  static let tables = [table, table.part(under: "bert.")]
  static let backbonePrefix: String? = "bert"

  private static let table = NameTable(
    rows: embeddings + block + heads, training: PyTorchTraining.names)

  private static let embeddings: [NameTable.Row] = [
    .init(.wordEmbeddings, "bert.embeddings.\(WordFactors.product).weight"),
    .init(.buffer(WordFactors.meaning), "bert.embeddings.word_embeddings.weight"),
    .init(.buffer(WordFactors.meaning), "bert.embeddings.word_embeddings_2.weight"),
    .init(.positionEmbeddings, "bert.embeddings.position_embeddings.weight"),
    .init(.tokenTypeEmbeddings, "bert.embeddings.token_type_embeddings.weight"),
    .init(.embeddingLayerNormWeight, "bert.embeddings.LayerNorm.weight"),
    .init(.embeddingLayerNormBias, "bert.embeddings.LayerNorm.bias"),
  ]

  private static let block: [NameTable.Row] = {
    let block = "bert.encoder.layer_shared."
    return [
      .init(.queryWeight, block + "attention.self.query.weight"),
      .init(.queryBias, block + "attention.self.query.bias"),
      .init(.keyWeight, block + "attention.self.key.weight"),
      .init(.keyBias, block + "attention.self.key.bias"),
      .init(.valueWeight, block + "attention.self.value.weight"),
      .init(.valueBias, block + "attention.self.value.bias"),
      .init(.attentionOutputWeight, block + "attention.output.dense.weight"),
      .init(.attentionOutputBias, block + "attention.output.dense.bias"),
      .init(.attentionLayerNormWeight, block + "attention.output.LayerNorm.weight"),
      .init(.attentionLayerNormBias, block + "attention.output.LayerNorm.bias"),
      .init(.ffnWeight, block + "intermediate.dense.weight"),
      .init(.ffnBias, block + "intermediate.dense.bias"),
      .init(.ffnOutputWeight, block + "output.dense.weight"),
      .init(.ffnOutputBias, block + "output.dense.bias"),
      .init(.fullLayerNormWeight, block + "output.LayerNorm.weight"),
      .init(.fullLayerNormBias, block + "output.LayerNorm.bias"),
    ]
  }()

  private static let heads: [NameTable.Row] = [
    .init(.poolerWeight, "bert.pooler.dense.weight"),
    .init(.poolerBias, "bert.pooler.dense.bias"),
    .init(.sopWeight, "cls.seq_relationship.weight"),
    .init(.sopBias, "cls.seq_relationship.bias"),
    .init(.classifierWeight, "classifier.weight"),
    .init(.classifierBias, "classifier.bias"),
    .init(.qaOutputsWeight, "qa_outputs.weight"),
    .init(.qaOutputsBias, "qa_outputs.bias"),
  ]
}
