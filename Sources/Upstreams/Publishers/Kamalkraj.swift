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
  static func activation(_ stated: Activation?) -> Activation? {
    stated == .geluErf ? .geluTanh : stated
  }

  static let gelu: Activation? = .geluTanh

  static let tables = [
    h5, objects("layer_with_weights-0/", sharedTable: true),
    objects("layer_with_weights-0/", sharedTable: false), objects("", sharedTable: false),
  ]

  /// Each variable under its top layer's name.
  private static let h5: NameTable = {
    let model = "albert_model/albert_model/"
    let start = model + "embedding_postprocessor/"
    let block = model + "encoder/shared_layer/"
    return NameTable(
      rows: [
        .init(.wordEmbeddings, model + "word_embeddings/embeddings"),
        .init(
          .copy(of: .wordEmbeddings, yields: false), "cls/albert_model/word_embeddings/embeddings"),
        .init(.positionEmbeddings, start + "position_embeddings"),
        .init(.tokenTypeEmbeddings, start + "type_embeddings"),
        .init(.embeddingLayerNormWeight, start + "layer_norm/gamma"),
        .init(.embeddingLayerNormBias, start + "layer_norm/beta"),
        .init(.projectionWeight, start + "embedding_hidden_mapping_in/kernel", .transposed),
        .init(.projectionBias, start + "embedding_hidden_mapping_in/bias"),
        .init(.queryWeight, block + "self_attention/query/kernel", .transposed),
        .init(.queryBias, block + "self_attention/query/bias"),
        .init(.keyWeight, block + "self_attention/key/kernel", .transposed),
        .init(.keyBias, block + "self_attention/key/bias"),
        .init(.valueWeight, block + "self_attention/value/kernel", .transposed),
        .init(.valueBias, block + "self_attention/value/bias"),
        .init(.attentionOutputWeight, block + "self_attention_output/kernel", .transposed),
        .init(.attentionOutputBias, block + "self_attention_output/bias"),
        .init(.attentionLayerNormWeight, block + "self_attention_layer_norm/gamma"),
        .init(.attentionLayerNormBias, block + "self_attention_layer_norm/beta"),
        .init(.ffnWeight, block + "intermediate/kernel", .transposed),
        .init(.ffnBias, block + "intermediate/bias"),
        .init(.ffnOutputWeight, block + "output/kernel", .transposed),
        .init(.ffnOutputBias, block + "output/bias"),
        .init(.fullLayerNormWeight, block + "output_layer_norm/gamma"),
        .init(.fullLayerNormBias, block + "output_layer_norm/beta"),
        .init(.poolerWeight, model + "pooler_transform/kernel", .transposed),
        .init(.poolerBias, model + "pooler_transform/bias"),
        .init(.mlmDenseWeight, "cls/cls/predictions/transform/dense/kernel", .transposed),
        .init(.mlmDenseBias, "cls/cls/predictions/transform/dense/bias"),
        .init(.mlmLayerNormWeight, "cls/cls/predictions/transform/LayerNorm/gamma"),
        .init(.mlmLayerNormBias, "cls/cls/predictions/transform/LayerNorm/beta"),
        .init(.mlmBias, "cls/cls/predictions/output_bias"),
        .init(.sopWeight, "cls/cls/seq_relationship/output_weights"),
        .init(.sopBias, "cls/cls/seq_relationship/output_bias"),
        .init(.classifierWeight, "output/output/kernel", .transposed),
        .init(.classifierBias, "output/output/bias"),
        .init(.qaOutputsWeight, "squad_logits/squad_logits/final_dense/kernel", .transposed),
        .init(.qaOutputsBias, "squad_logits/squad_logits/final_dense/bias"),
      ], suffix: ":0", training: TensorFlowObjects.training)
  }()

  /// The paths through the objects; the layers beside the encoder follow it in the model.
  ///
  /// The masked-LM head holds the word embeddings too, and a checkpoint has them under the name that it
  /// meets first.
  private static func objects(_ model: String, sharedTable: Bool) -> NameTable {
    let start = model + "embedding_postprocessor/"
    let block = model + "encoder/shared_layer/"
    let next = model.exchanging("layer_with_weights-0/", for: "layer_with_weights-1/")
    let heads: [NameTable.Row] =
      model.isEmpty
      ? []
      : [
        .init(.mlmDenseWeight, next + "lm_dense/kernel", .transposed),
        .init(.mlmDenseBias, next + "lm_dense/bias"),
        .init(.mlmLayerNormWeight, next + "lm_layer_norm/gamma"),
        .init(.mlmLayerNormBias, next + "lm_layer_norm/beta"),
        .init(.mlmBias, next + "output_bias"),
        .init(.sopWeight, next + "next_seq_weights"),
        .init(.sopBias, next + "next_seq_bias"),
        .init(.classifierWeight, next + "kernel", .transposed),
        .init(.classifierBias, next + "bias"),
        .init(.qaOutputsWeight, next + "final_dense/kernel", .transposed),
        .init(.qaOutputsBias, next + "final_dense/bias"),
      ]
    return NameTable(
      rows: [
        .init(
          .wordEmbeddings,
          sharedTable ? next + "embedding_table" : model + "embedding_lookup/embeddings"),
        .init(.positionEmbeddings, start + "position_embeddings"),
        .init(.tokenTypeEmbeddings, start + "type_embeddings"),
        .init(.embeddingLayerNormWeight, start + "output_layer_norm/gamma"),
        .init(.embeddingLayerNormBias, start + "output_layer_norm/beta"),
        .init(.projectionWeight, start + "projection/kernel", .transposed),
        .init(.projectionBias, start + "projection/bias"),
        .init(.queryWeight, block + "attention_layer/query_dense/kernel", .transposed),
        .init(.queryBias, block + "attention_layer/query_dense/bias"),
        .init(.keyWeight, block + "attention_layer/key_dense/kernel", .transposed),
        .init(.keyBias, block + "attention_layer/key_dense/bias"),
        .init(.valueWeight, block + "attention_layer/value_dense/kernel", .transposed),
        .init(.valueBias, block + "attention_layer/value_dense/bias"),
        .init(.attentionOutputWeight, block + "attention_output_dense/kernel", .transposed),
        .init(.attentionOutputBias, block + "attention_output_dense/bias"),
        .init(.attentionLayerNormWeight, block + "attention_layer_norm/gamma"),
        .init(.attentionLayerNormBias, block + "attention_layer_norm/beta"),
        .init(.ffnWeight, block + "intermediate_dense/kernel", .transposed),
        .init(.ffnBias, block + "intermediate_dense/bias"),
        .init(.ffnOutputWeight, block + "output_dense/kernel", .transposed),
        .init(.ffnOutputBias, block + "output_dense/bias"),
        .init(.fullLayerNormWeight, block + "output_layer_norm/gamma"),
        .init(.fullLayerNormBias, block + "output_layer_norm/beta"),
        .init(.poolerWeight, model + "pooler_transform/kernel", .transposed),
        .init(.poolerBias, model + "pooler_transform/bias"),
      ] + heads,
      suffix: TensorFlowObjects.suffix, training: TensorFlowObjects.training,
      buffers: TensorFlowObjects.buffers)
  }
}
