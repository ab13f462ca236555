extension ParameterRole {
  /// What is known of a role.
  ///
  /// Whoever asks something of roles asks it of their rows.
  struct Row {
    let component: Component
    let kind: Kind
    /// The canonical axes: one or two.
    let axis: Axis
    let second: Axis?
    /// The canonical name; in the encoder the part behind the block's.
    let name: String
    /// What messages call it.
    let words: String
    /// The bias that belongs to a weight.
    let bias: ParameterRole?

    init(
      _ component: Component, _ kind: Kind, _ axis: Axis, by second: Axis? = nil, _ name: String,
      _ words: String, bias: ParameterRole? = nil
    ) {
      self.component = component
      self.kind = kind
      self.axis = axis
      self.second = second
      self.name = name
      self.words = words
      self.bias = bias
    }
  }

  /// What a role's numbers do.
  enum Kind {
    case embedding
    case linearWeight
    case linearBias
    case layerNormWeight
    case layerNormBias
  }

  /// What an axis counts.
  enum Axis {
    case vocabulary
    case positions
    case segments
    case embedding
    case hidden
    case intermediate
    case labels
    case two

    /// Its extent in a model of `config`.
    func extent(in config: AlbertConfig) -> Int {
      switch self {
      case .vocabulary: config.vocabSize
      case .positions: config.maxPositionEmbeddings
      case .segments: config.typeVocabSize
      case .embedding: config.embeddingSize
      case .hidden: config.hiddenSize
      case .intermediate: config.intermediateSize
      case .labels: config.numLabels
      case .two: 2
      }
    }
  }

  /// The row of the role: linear weights as [out, in], names as in Hugging Face's classes.
  ///
  /// Source: transformers, models/albert/modeling_albert.py, `AlbertForPreTraining`.
  var row: Row {
    switch self {
    case .wordEmbeddings:
      Row(
        .embeddings, .embedding, .vocabulary, by: .embedding,
        "albert.embeddings.word_embeddings.weight", "the word embeddings")
    case .positionEmbeddings:
      Row(
        .embeddings, .embedding, .positions, by: .embedding,
        "albert.embeddings.position_embeddings.weight", "the position embeddings")
    case .tokenTypeEmbeddings:
      Row(
        .embeddings, .embedding, .segments, by: .embedding,
        "albert.embeddings.token_type_embeddings.weight", "the token type embeddings")
    case .embeddingLayerNormWeight:
      Row(
        .embeddings, .layerNormWeight, .embedding,
        "albert.embeddings.LayerNorm.weight",
        "the embeddings' LayerNorm weight", bias: .embeddingLayerNormBias)
    case .embeddingLayerNormBias:
      Row(
        .embeddings, .layerNormBias, .embedding,
        "albert.embeddings.LayerNorm.bias", "the embeddings' LayerNorm bias")
    case .projectionWeight:
      Row(
        .projection, .linearWeight, .hidden, by: .embedding,
        "albert.encoder.embedding_hidden_mapping_in.weight",
        "the projection's weight", bias: .projectionBias)
    case .projectionBias:
      Row(
        .projection, .linearBias, .hidden,
        "albert.encoder.embedding_hidden_mapping_in.bias", "the projection's bias")
    case .queryWeight:
      Row(
        .encoder, .linearWeight, .hidden, by: .hidden,
        "attention.query.weight", "the attention's query weight", bias: .queryBias)
    case .keyWeight:
      Row(
        .encoder, .linearWeight, .hidden, by: .hidden,
        "attention.key.weight", "the attention's key weight", bias: .keyBias)
    case .valueWeight:
      Row(
        .encoder, .linearWeight, .hidden, by: .hidden,
        "attention.value.weight", "the attention's value weight", bias: .valueBias)
    case .queryBias:
      Row(
        .encoder, .linearBias, .hidden,
        "attention.query.bias", "the attention's query bias")
    case .keyBias:
      Row(
        .encoder, .linearBias, .hidden,
        "attention.key.bias", "the attention's key bias")
    case .valueBias:
      Row(
        .encoder, .linearBias, .hidden,
        "attention.value.bias", "the attention's value bias")
    case .attentionOutputWeight:
      Row(
        .encoder, .linearWeight, .hidden, by: .hidden,
        "attention.dense.weight", "the attention's output weight", bias: .attentionOutputBias)
    case .attentionOutputBias:
      Row(
        .encoder, .linearBias, .hidden,
        "attention.dense.bias", "the attention's output bias")
    case .attentionLayerNormWeight:
      Row(
        .encoder, .layerNormWeight, .hidden,
        "attention.LayerNorm.weight",
        "the attention's LayerNorm weight", bias: .attentionLayerNormBias)
    case .attentionLayerNormBias:
      Row(
        .encoder, .layerNormBias, .hidden,
        "attention.LayerNorm.bias", "the attention's LayerNorm bias")
    case .ffnWeight:
      Row(
        .encoder, .linearWeight, .intermediate, by: .hidden,
        "ffn.weight", "the feed-forward layer's first weight", bias: .ffnBias)
    case .ffnBias:
      Row(
        .encoder, .linearBias, .intermediate,
        "ffn.bias", "the feed-forward layer's first bias")
    case .ffnOutputWeight:
      Row(
        .encoder, .linearWeight, .hidden, by: .intermediate,
        "ffn_output.weight", "the feed-forward layer's second weight", bias: .ffnOutputBias)
    case .ffnOutputBias:
      Row(
        .encoder, .linearBias, .hidden,
        "ffn_output.bias", "the feed-forward layer's second bias")
    case .fullLayerNormWeight:
      Row(
        .encoder, .layerNormWeight, .hidden,
        "full_layer_layer_norm.weight",
        "the feed-forward layer's LayerNorm weight", bias: .fullLayerNormBias)
    case .fullLayerNormBias:
      Row(
        .encoder, .layerNormBias, .hidden,
        "full_layer_layer_norm.bias", "the feed-forward layer's LayerNorm bias")
    case .poolerWeight:
      Row(
        .pooler, .linearWeight, .hidden, by: .hidden,
        "albert.pooler.weight", "the pooler's weight", bias: .poolerBias)
    case .poolerBias:
      Row(
        .pooler, .linearBias, .hidden,
        "albert.pooler.bias", "the pooler's bias")
    case .mlmDenseWeight:
      Row(
        .mlmHead, .linearWeight, .embedding, by: .hidden,
        "predictions.dense.weight", "the masked-LM head's dense weight", bias: .mlmDenseBias)
    case .mlmDenseBias:
      Row(
        .mlmHead, .linearBias, .embedding,
        "predictions.dense.bias", "the masked-LM head's dense bias")
    case .mlmLayerNormWeight:
      Row(
        .mlmHead, .layerNormWeight, .embedding,
        "predictions.LayerNorm.weight",
        "the masked-LM head's LayerNorm weight", bias: .mlmLayerNormBias)
    case .mlmLayerNormBias:
      Row(
        .mlmHead, .layerNormBias, .embedding,
        "predictions.LayerNorm.bias", "the masked-LM head's LayerNorm bias")
    case .mlmDecoderWeight:
      Row(
        .mlmHead, .linearWeight, .vocabulary, by: .embedding,
        "predictions.decoder.weight", "the decoder's weight", bias: .mlmBias)
    case .mlmBias:
      Row(
        .mlmHead, .linearBias, .vocabulary,
        "predictions.bias", "the vocabulary bias of the decoder")
    case .sopWeight:
      Row(
        .sopHead, .linearWeight, .two, by: .hidden,
        "sop_classifier.classifier.weight", "the sentence-order head's weight", bias: .sopBias)
    case .sopBias:
      Row(
        .sopHead, .linearBias, .two,
        "sop_classifier.classifier.bias", "the sentence-order head's bias")
    case .classifierWeight:
      Row(
        .taskHead, .linearWeight, .labels, by: .hidden,
        "classifier.weight", "the classifier's weight", bias: .classifierBias)
    case .classifierBias:
      Row(
        .taskHead, .linearBias, .labels,
        "classifier.bias", "the classifier's bias")
    case .qaOutputsWeight:
      Row(
        .taskHead, .linearWeight, .labels, by: .hidden,
        "qa_outputs.weight", "the question-answering head's weight", bias: .qaOutputsBias)
    case .qaOutputsBias:
      Row(
        .taskHead, .linearBias, .labels,
        "qa_outputs.bias", "the question-answering head's bias")
    }
  }
}
