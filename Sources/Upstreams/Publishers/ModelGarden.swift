internal import AlbertArchitecture
internal import AlbertTensors

/// The TensorFlow Model Garden's classes (tf-models-official, nlp/modeling/networks/albert_encoder.py).
///
/// Kernels are [in, out], those of the attention with an axis for the heads. There is one block.
enum ModelGarden: Upstream {
  static let name = "tf-model-garden"
  static let title = "the TensorFlow Model Garden's classes"
  static let gelu: Activation? = .geluTanh
  static let layerNormEps: Double? = 1e-12

  static let tables = [
    NameTable(
      rows: encoder(""), suffix: TensorFlowObjects.suffix, training: TensorFlowObjects.training,
      buffers: TensorFlowObjects.buffers),
    pretrainer("encoder/", sharedTable: true), pretrainer("encoder_network/", sharedTable: true),
    pretrainer("encoder/", sharedTable: false), pretrainer("encoder_network/", sharedTable: false),
    variables, h5,
  ]

  /// Its GELU is the tanh form, and what a config calls so is that one.
  static func activation(_ stated: Activation?) -> Activation? {
    stated == nil || stated == .geluErf ? .geluTanh : stated
  }

  /// The encoder by the paths through its objects.
  private static func encoder(_ start: String) -> [NameTable.Row] {
    let layer = start + "layer_with_weights-"
    return rows(
      word: layer + "0", position: layer + "1", type: layer + "2", layerNorm: layer + "3",
      projection: layer + "4",
      block: Block(
        start: layer + "5/",
        layers: [
          (.queryWeight, "_attention_layer/_query_dense"),
          (.keyWeight, "_attention_layer/_key_dense"),
          (.valueWeight, "_attention_layer/_value_dense"),
          (.attentionOutputWeight, "_attention_layer/_output_dense"),
          (.attentionLayerNormWeight, "_attention_layer_norm"),
          (.ffnWeight, "_intermediate_dense"), (.ffnOutputWeight, "_output_dense"),
          (.fullLayerNormWeight, "_output_layer_norm"),
        ]),
      pooler: layer + "6")
  }

  /// `BertPretrainerV2` around the encoder.
  ///
  /// The word embeddings are also the head's, and a checkpoint holds them under the name that it
  /// meets first.
  private static func pretrainer(_ start: String, sharedTable: Bool) -> NameTable {
    let shared = "masked_lm/embedding_table"
    let rows = encoder(start).flatMap { row -> [NameTable.Row] in
      guard row.target == .parameter(.wordEmbeddings) else { return [row] }
      let names = sharedTable ? [shared, row.template] : [row.template, shared]
      return [row.named(names[0]), .init(.copy(of: .wordEmbeddings, yields: false), names[1])]
    }
    return NameTable(
      rows: rows
        + mlm(
          dense: "masked_lm/dense", layerNorm: "masked_lm/layer_norm",
          bias: "masked_lm/output_bias.Sbias"),
      suffix: TensorFlowObjects.suffix, training: TensorFlowObjects.training,
      buffers: TensorFlowObjects.buffers)
  }

  /// The names that the variables had in the program, as SavedModels hold them.
  private static let variables = NameTable(
    rows: named { $0 }
      + mlm(
        dense: "bert/cls/predictions/transform/dense",
        layerNorm: "bert/cls/predictions/transform/LayerNorm",
        bias: "bert/cls/predictions/output_bias/bias"),
    training: TensorFlowObjects.training, buffers: TensorFlowObjects.buffers)

  /// Keras 2's H5 files: each variable under its layer's name, which is part of its own.
  private static let h5 = NameTable(
    rows: named { $0 + "/" + $0 }, suffix: ":0", training: TensorFlowObjects.training)

  private static func named(_ layer: (String) -> String) -> [NameTable.Row] {
    rows(
      word: layer("word_embeddings"), position: layer("position_embedding"),
      type: layer("type_embeddings"), layerNorm: layer("embeddings/layer_norm"),
      projection: layer("embedding_projection"),
      block: Block(
        start: layer("transformer") + "/",
        layers: [
          (.queryWeight, "self_attention/query"), (.keyWeight, "self_attention/key"),
          (.valueWeight, "self_attention/value"),
          (.attentionOutputWeight, "self_attention/attention_output"),
          (.attentionLayerNormWeight, "self_attention_layer_norm"), (.ffnWeight, "intermediate"),
          (.ffnOutputWeight, "output"), (.fullLayerNormWeight, "output_layer_norm"),
        ]),
      pooler: layer("pooler_transform"))
  }
}
