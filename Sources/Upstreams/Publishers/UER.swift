internal import AlbertArchitecture
internal import AlbertTensors

/// UER-py and TencentPretrain (uer/): PyTorch, all layers one module, with names that changed twice.
///
/// The segment table has a row for padding before those of the segments. The pooler is the first of
/// the sentence-order head's two layers, or of a classifier's.
enum UER: Upstream {
  static let name = "uer"
  static let title = "UER-py"
  static let layerNorm = LayerNormKind.unbiasedDeviation

  /// Its `gelu` is the exact form (uer/utils/act_fun.py).
  static let gelu: Activation? = .geluErf

  /// `--tie_weights` is off unless asked for (uer/opts.py, uer/models/model.py).
  static let decodesWithStored = true

  /// Without `factorized_embedding_parameterization` (uer/encoders/transformer_encoder.py).
  static let squareProjection = SquareProjection.omitted

  /// Only models of finetune/run_classifier.py and its like have two output layers.
  static let classifierHead: TaskHead? = .sequenceClassification

  static let tables = [
    table(
      Names(word: "word.embedding", position: "pos.embedding", segment: "seg.embedding"),
      mlm: "target.mlm.linear_", mlmNorm: "target.mlm.layer_norm", sop: "target.sp.linear_"),
    // Between the two, the names of the heads changed one after another.
    table(
      Names(word: "word.embedding", position: "pos.embedding", segment: "seg.embedding"),
      mlm: "target.mlm.linear_", mlmNorm: "target.layer_norm", sop: "target.sp.linear_"),
    table(
      Names(word: "word.embedding", position: "pos.embedding", segment: "seg.embedding"),
      mlm: "target.mlm_linear_", mlmNorm: "target.layer_norm", sop: "target.sp_linear_"),
    table(old, mlm: "target.mlm_linear_", mlmNorm: "target.layer_norm", sop: "target.sp_linear_"),
    table(old, mlm: "target.mlm_linear_", mlmNorm: "target.layer_norm", sop: "target.sop_linear_"),
    table(
      Names(word: "word.embedding", position: "pos.embedding", segment: "seg.embedding"),
      classifier: "output_layer_"),
    table(old, classifier: "output_layer_"),
  ]

  /// Heads of finetune/ beside the classifier lie at the root.
  private static let territory = ["embedding.", "encoder.", "target."]

  /// What the embeddings are called.
  private struct Names {
    let word: String
    let position: String
    let segment: String
  }

  private static let old = Names(
    word: "word_embedding", position: "position_embedding", segment: "segment_embedding")

  /// A pre-trained model.
  private static func table(
    _ names: Names, mlm: String, mlmNorm: String, sop: String
  ) -> NameTable {
    NameTable(
      rows: encoder(names)
        + FrameworkNames.torchWithGamma.rows([
          (.poolerWeight, sop + "1"), (.sopWeight, sop + "2"), (.mlmDenseWeight, mlm + "1"),
          (.mlmLayerNormWeight, mlmNorm),
        ]) + [
          .init(.copy(of: .mlmDecoderWeight, yields: false), mlm + "2.weight"),
          .init(.mlmBias, mlm + "2.bias"),
        ], training: PyTorchTraining.names, territory: territory)
  }

  /// A model of finetune/run_classifier.py.
  private static func table(_ names: Names, classifier: String) -> NameTable {
    NameTable(
      rows: encoder(names)
        + FrameworkNames.torch.rows(
          under: classifier, [(.poolerWeight, "1"), (.classifierWeight, "2")]),
      training: PyTorchTraining.names, territory: territory)
  }

  private static func encoder(_ names: Names) -> [NameTable.Row] {
    let block = "encoder.transformer."
    let linear = block + "self_attn.linear_layers."
    return [
      .init(.wordEmbeddings, "embedding.\(names.word).weight"),
      .init(.positionEmbeddings, "embedding.\(names.position).weight"),
      .init(.tokenTypeEmbeddings, "embedding.\(names.segment).weight", .afterPaddingRow),
    ]
      + FrameworkNames.torchWithGamma.rows([
        (.embeddingLayerNormWeight, "embedding.layer_norm"), (.projectionWeight, "encoder.linear"),
        (.queryWeight, linear + "0"), (.keyWeight, linear + "1"), (.valueWeight, linear + "2"),
        (.attentionOutputWeight, block + "self_attn.final_linear"),
        (.attentionLayerNormWeight, block + "layer_norm_1"),
        (.ffnWeight, block + "feed_forward.linear_1"),
        (.ffnOutputWeight, block + "feed_forward.linear_2"),
        (.fullLayerNormWeight, block + "layer_norm_2"),
      ])
  }
}
