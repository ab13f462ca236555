extension ParameterRole {
  /// The canonical name, that of Hugging Face's classes, with `{group}` and `{inner}` left open.
  ///
  /// Source: transformers, models/albert/modeling_albert.py, `AlbertForPreTraining`.
  package var nameTemplate: String {
    let block = "albert.encoder.albert_layer_groups.{group}.albert_layers.{inner}."
    switch self {
    case .wordEmbeddings: return "albert.embeddings.word_embeddings.weight"
    case .positionEmbeddings: return "albert.embeddings.position_embeddings.weight"
    case .tokenTypeEmbeddings: return "albert.embeddings.token_type_embeddings.weight"
    case .embeddingLayerNormWeight: return "albert.embeddings.LayerNorm.weight"
    case .embeddingLayerNormBias: return "albert.embeddings.LayerNorm.bias"
    case .projectionWeight: return "albert.encoder.embedding_hidden_mapping_in.weight"
    case .projectionBias: return "albert.encoder.embedding_hidden_mapping_in.bias"
    case .queryWeight: return block + "attention.query.weight"
    case .keyWeight: return block + "attention.key.weight"
    case .valueWeight: return block + "attention.value.weight"
    case .queryBias: return block + "attention.query.bias"
    case .keyBias: return block + "attention.key.bias"
    case .valueBias: return block + "attention.value.bias"
    case .attentionOutputWeight: return block + "attention.dense.weight"
    case .attentionOutputBias: return block + "attention.dense.bias"
    case .attentionLayerNormWeight: return block + "attention.LayerNorm.weight"
    case .attentionLayerNormBias: return block + "attention.LayerNorm.bias"
    case .ffnWeight: return block + "ffn.weight"
    case .ffnBias: return block + "ffn.bias"
    case .ffnOutputWeight: return block + "ffn_output.weight"
    case .ffnOutputBias: return block + "ffn_output.bias"
    case .fullLayerNormWeight: return block + "full_layer_layer_norm.weight"
    case .fullLayerNormBias: return block + "full_layer_layer_norm.bias"
    case .poolerWeight: return "albert.pooler.weight"
    case .poolerBias: return "albert.pooler.bias"
    case .mlmDenseWeight: return "predictions.dense.weight"
    case .mlmDenseBias: return "predictions.dense.bias"
    case .mlmLayerNormWeight: return "predictions.LayerNorm.weight"
    case .mlmLayerNormBias: return "predictions.LayerNorm.bias"
    case .mlmDecoderWeight: return "predictions.decoder.weight"
    case .mlmBias: return "predictions.bias"
    case .sopWeight: return "sop_classifier.classifier.weight"
    case .sopBias: return "sop_classifier.classifier.bias"
    case .classifierWeight: return "classifier.weight"
    case .classifierBias: return "classifier.bias"
    case .qaOutputsWeight: return "qa_outputs.weight"
    case .qaOutputsBias: return "qa_outputs.bias"
    }
  }
}
