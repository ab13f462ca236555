internal import AlbertArchitecture
internal import AlbertBytes

/// kamalkraj/ALBERT-TF2.0 (albert.py, albert_model.py): TensorFlow 2 with one shared layer, in H5 files
/// and in checkpoints of objects.
///
/// Kernels are [in, out], the sentence-order head's weights [out, in] as in Google's code.
enum Kamalkraj: Upstream {
  static let name = "kamalkraj"
  static let title = "kamalkraj/ALBERT-TF2.0"
  static let classifierHead: TaskHead? = .sequenceClassification

  /// Its GELU is the tanh form (utils/tf_utils.py).
  static let gelu: Activation? = .geluTanh
  static let hasOnlyTanhGELU = true

  static let tables = [
    h5, objects("layer_with_weights-0/", sharedTable: true),
    objects("layer_with_weights-0/", sharedTable: false), objects("", sharedTable: false),
  ]

  /// Each variable under its top layer's name.
  private static let h5: NameTable = {
    let model = "albert_model/albert_model/"
    let start = model + "embedding_postprocessor/"
    let block = model + "encoder/shared_layer/"
    let rows: [NameTable.Row] = [
      .init(.wordEmbeddings, model + "word_embeddings/embeddings"),
      .init(
        .copy(of: .wordEmbeddings, yields: false), "cls/albert_model/word_embeddings/embeddings"),
      .init(.positionEmbeddings, start + "position_embeddings"),
      .init(.tokenTypeEmbeddings, start + "type_embeddings"),
    ]
    let encoder = FrameworkNames.tensorFlow.rows([
      (.embeddingLayerNormWeight, start + "layer_norm"),
      (.projectionWeight, start + "embedding_hidden_mapping_in"),
      (.queryWeight, block + "self_attention/query"), (.keyWeight, block + "self_attention/key"),
      (.valueWeight, block + "self_attention/value"),
      (.attentionOutputWeight, block + "self_attention_output"),
      (.attentionLayerNormWeight, block + "self_attention_layer_norm"),
      (.ffnWeight, block + "intermediate"), (.ffnOutputWeight, block + "output"),
      (.fullLayerNormWeight, block + "output_layer_norm"),
      (.poolerWeight, model + "pooler_transform"),
      (.mlmDenseWeight, "cls/cls/predictions/transform/dense"),
      (.mlmLayerNormWeight, "cls/cls/predictions/transform/LayerNorm"),
    ])
    let pretraining: [NameTable.Row] = [
      .init(.mlmBias, "cls/cls/predictions/output_bias"),
      .init(.sopWeight, "cls/cls/seq_relationship/output_weights"),
      .init(.sopBias, "cls/cls/seq_relationship/output_bias"),
    ]
    let tasks = FrameworkNames.tensorFlow.rows([
      (.classifierWeight, "output/output"),
      (.qaOutputsWeight, "squad_logits/squad_logits/final_dense"),
    ])
    return NameTable(
      rows: rows + encoder + pretraining + tasks, suffix: ":0",
      training: TensorFlowObjects.training)
  }()

  /// The paths through the objects; the layers beside the encoder follow it in the model.
  ///
  /// The masked-LM head holds the word embeddings too, and a checkpoint has them under the name that it
  /// meets first.
  private static func objects(_ model: String, sharedTable: Bool) -> NameTable {
    let start = model + "embedding_postprocessor/"
    let block = model + "encoder/shared_layer/"
    let next = model.exchanging("layer_with_weights-0/", for: "layer_with_weights-1/")
    let rows: [NameTable.Row] = [
      .init(
        .wordEmbeddings,
        sharedTable ? next + "embedding_table" : model + "embedding_lookup/embeddings"),
      .init(.positionEmbeddings, start + "position_embeddings"),
      .init(.tokenTypeEmbeddings, start + "type_embeddings"),
    ]
    let encoder = FrameworkNames.tensorFlow.rows([
      (.embeddingLayerNormWeight, start + "output_layer_norm"),
      (.projectionWeight, start + "projection"),
      (.queryWeight, block + "attention_layer/query_dense"),
      (.keyWeight, block + "attention_layer/key_dense"),
      (.valueWeight, block + "attention_layer/value_dense"),
      (.attentionOutputWeight, block + "attention_output_dense"),
      (.attentionLayerNormWeight, block + "attention_layer_norm"),
      (.ffnWeight, block + "intermediate_dense"), (.ffnOutputWeight, block + "output_dense"),
      (.fullLayerNormWeight, block + "output_layer_norm"),
      (.poolerWeight, model + "pooler_transform"),
    ])
    return NameTable(
      rows: rows + encoder + (model.isEmpty ? [] : heads(next)),
      suffix: TensorFlowObjects.suffix, training: TensorFlowObjects.training,
      buffers: TensorFlowObjects.buffers)
  }

  /// The heads, which lie in the layer behind the encoder.
  private static func heads(_ start: String) -> [NameTable.Row] {
    let names = FrameworkNames.tensorFlow
    return names.rows([
      (.mlmDenseWeight, start + "lm_dense"), (.mlmLayerNormWeight, start + "lm_layer_norm"),
    ]) + [
      .init(.mlmBias, start + "output_bias"), .init(.sopWeight, start + "next_seq_weights"),
      .init(.sopBias, start + "next_seq_bias"),
      .init(.classifierWeight, start + "kernel", .transposed),
      .init(.classifierBias, start + "bias"),
    ] + names.rows([(.qaOutputsWeight, start + "final_dense")])
  }
}
