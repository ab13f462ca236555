internal import AlbertArchitecture

extension Parameter {
  /// What messages call the parameter, such as `the attention's query weight`; where a model has
  /// several blocks, with the block behind.
  func words(in config: AlbertConfig) -> String {
    guard role.isPerBlock, config.numHiddenGroups > 1 || config.innerGroupNum > 1,
      role.component == .encoder
    else { return role.words }
    return "\(role.words) (group \(group), inner layer \(inner))"
  }
}

extension ParameterRole {
  /// What messages call it.
  var words: String {
    switch self {
    case .wordEmbeddings: "the word embeddings"
    case .positionEmbeddings: "the position embeddings"
    case .tokenTypeEmbeddings: "the token type embeddings"
    case .embeddingLayerNormWeight: "the embeddings' LayerNorm weight"
    case .embeddingLayerNormBias: "the embeddings' LayerNorm bias"
    case .projectionWeight: "the projection's weight"
    case .projectionBias: "the projection's bias"
    case .queryWeight: "the attention's query weight"
    case .keyWeight: "the attention's key weight"
    case .valueWeight: "the attention's value weight"
    case .queryBias: "the attention's query bias"
    case .keyBias: "the attention's key bias"
    case .valueBias: "the attention's value bias"
    case .attentionOutputWeight: "the attention's output weight"
    case .attentionOutputBias: "the attention's output bias"
    case .attentionLayerNormWeight: "the attention's LayerNorm weight"
    case .attentionLayerNormBias: "the attention's LayerNorm bias"
    case .ffnWeight: "the feed-forward layer's first weight"
    case .ffnBias: "the feed-forward layer's first bias"
    case .ffnOutputWeight: "the feed-forward layer's second weight"
    case .ffnOutputBias: "the feed-forward layer's second bias"
    case .fullLayerNormWeight: "the feed-forward layer's LayerNorm weight"
    case .fullLayerNormBias: "the feed-forward layer's LayerNorm bias"
    case .poolerWeight: "the pooler's weight"
    case .poolerBias: "the pooler's bias"
    case .mlmDenseWeight: "the masked-LM head's dense weight"
    case .mlmDenseBias: "the masked-LM head's dense bias"
    case .mlmLayerNormWeight: "the masked-LM head's LayerNorm weight"
    case .mlmLayerNormBias: "the masked-LM head's LayerNorm bias"
    case .mlmDecoderWeight: "the decoder's weight"
    case .mlmBias: "the vocabulary bias of the decoder"
    case .sopWeight: "the sentence-order head's weight"
    case .sopBias: "the sentence-order head's bias"
    case .classifierWeight: "the classifier's weight"
    case .classifierBias: "the classifier's bias"
    case .qaOutputsWeight: "the question-answering head's weight"
    case .qaOutputsBias: "the question-answering head's bias"
    }
  }

  /// The bias that belongs to a weight; nil for what has none.
  ///
  /// Of both, explanations name the weight.
  var bias: ParameterRole? {
    switch self {
    case .embeddingLayerNormWeight: .embeddingLayerNormBias
    case .projectionWeight: .projectionBias
    case .queryWeight: .queryBias
    case .keyWeight: .keyBias
    case .valueWeight: .valueBias
    case .attentionOutputWeight: .attentionOutputBias
    case .attentionLayerNormWeight: .attentionLayerNormBias
    case .ffnWeight: .ffnBias
    case .ffnOutputWeight: .ffnOutputBias
    case .fullLayerNormWeight: .fullLayerNormBias
    case .poolerWeight: .poolerBias
    case .mlmDenseWeight: .mlmDenseBias
    case .mlmLayerNormWeight: .mlmLayerNormBias
    case .mlmDecoderWeight: .mlmBias
    case .sopWeight: .sopBias
    case .classifierWeight: .classifierBias
    case .qaOutputsWeight: .qaOutputsBias
    default: nil
    }
  }
}
