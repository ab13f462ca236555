/// What a parameter is for.
///
/// The cases stand in the order of use in the forward pass, with query, key and value side by side
/// so that the three are one matrix product.
package enum ParameterRole: String, CaseIterable, Sendable {
  case wordEmbeddings
  case positionEmbeddings
  case tokenTypeEmbeddings
  case embeddingLayerNormWeight
  case embeddingLayerNormBias
  case projectionWeight
  case projectionBias
  case queryWeight
  case keyWeight
  case valueWeight
  case queryBias
  case keyBias
  case valueBias
  case attentionOutputWeight
  case attentionOutputBias
  case attentionLayerNormWeight
  case attentionLayerNormBias
  case ffnWeight
  case ffnBias
  case ffnOutputWeight
  case ffnOutputBias
  case fullLayerNormWeight
  case fullLayerNormBias
  case poolerWeight
  case poolerBias
  case mlmDenseWeight
  case mlmDenseBias
  case mlmLayerNormWeight
  case mlmLayerNormBias
  /// The vocabulary projection where it is not the word embeddings themselves.
  case mlmDecoderWeight
  /// The vocabulary bias: `predictions.bias`, which upstreams also call the decoder's.
  case mlmBias
  case sopWeight
  case sopBias
  case classifierWeight
  case classifierBias
  case qaOutputsWeight
  case qaOutputsBias

  /// Whether every group and inner layer has one of its own.
  package var isPerBlock: Bool { component == .encoder }

  /// The part of the model that it belongs to.
  package var component: Component {
    switch self {
    case .wordEmbeddings, .positionEmbeddings, .tokenTypeEmbeddings, .embeddingLayerNormWeight,
      .embeddingLayerNormBias:
      .embeddings
    case .projectionWeight, .projectionBias: .projection
    case .queryWeight, .keyWeight, .valueWeight, .queryBias, .keyBias, .valueBias,
      .attentionOutputWeight, .attentionOutputBias, .attentionLayerNormWeight,
      .attentionLayerNormBias, .ffnWeight, .ffnBias, .ffnOutputWeight, .ffnOutputBias,
      .fullLayerNormWeight, .fullLayerNormBias:
      .encoder
    case .poolerWeight, .poolerBias: .pooler
    case .mlmDenseWeight, .mlmDenseBias, .mlmLayerNormWeight, .mlmLayerNormBias, .mlmDecoderWeight,
      .mlmBias:
      .mlmHead
    case .sopWeight, .sopBias: .sopHead
    case .classifierWeight, .classifierBias, .qaOutputsWeight, .qaOutputsBias: .taskHead
    }
  }

  /// Whether it is the weight of a linear layer, [out, in], which other layouts transpose.
  package var isLinearWeight: Bool {
    switch self {
    case .projectionWeight, .queryWeight, .keyWeight, .valueWeight, .attentionOutputWeight,
      .ffnWeight, .ffnOutputWeight, .poolerWeight, .mlmDenseWeight, .mlmDecoderWeight, .sopWeight,
      .classifierWeight, .qaOutputsWeight:
      true
    default: false
    }
  }

  /// Whether it is a table that ids index.
  package var isEmbedding: Bool {
    switch self {
    case .wordEmbeddings, .positionEmbeddings, .tokenTypeEmbeddings: true
    default: false
    }
  }

  /// Whether it is the factor of a LayerNorm.
  package var isLayerNormWeight: Bool {
    switch self {
    case .embeddingLayerNormWeight, .attentionLayerNormWeight, .fullLayerNormWeight,
      .mlmLayerNormWeight:
      true
    default: false
    }
  }

  /// Whether it is the summand of a LayerNorm.
  package var isLayerNormBias: Bool {
    switch self {
    case .embeddingLayerNormBias, .attentionLayerNormBias, .fullLayerNormBias, .mlmLayerNormBias:
      true
    default: false
    }
  }
}
