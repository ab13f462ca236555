package import AlbertTensors

extension ParameterRole {
  /// The canonical shape in a model of `config`, linear weights as [out, in].
  package func shape(in config: AlbertConfig) -> Shape {
    let v = config.vocabSize
    let e = config.embeddingSize
    let h = config.hiddenSize
    let f = config.intermediateSize
    switch self {
    case .wordEmbeddings, .mlmDecoderWeight: return Shape([v, e])
    case .positionEmbeddings: return Shape([config.maxPositionEmbeddings, e])
    case .tokenTypeEmbeddings: return Shape([config.typeVocabSize, e])
    case .embeddingLayerNormWeight, .embeddingLayerNormBias: return Shape([e])
    case .projectionWeight: return Shape([h, e])
    case .projectionBias: return Shape([h])
    case .queryWeight, .keyWeight, .valueWeight, .attentionOutputWeight, .poolerWeight:
      return Shape([h, h])
    case .queryBias, .keyBias, .valueBias, .attentionOutputBias, .poolerBias,
      .attentionLayerNormWeight, .attentionLayerNormBias, .fullLayerNormWeight, .fullLayerNormBias,
      .ffnOutputBias:
      return Shape([h])
    case .ffnWeight: return Shape([f, h])
    case .ffnBias: return Shape([f])
    case .ffnOutputWeight: return Shape([h, f])
    case .mlmDenseWeight: return Shape([e, h])
    case .mlmDenseBias, .mlmLayerNormWeight, .mlmLayerNormBias: return Shape([e])
    case .mlmBias: return Shape([v])
    case .sopWeight: return Shape([2, h])
    case .sopBias: return Shape([2])
    case .classifierWeight: return Shape([config.numLabels, h])
    case .classifierBias: return Shape([config.numLabels])
    case .qaOutputsWeight: return Shape([config.numLabels, h])
    case .qaOutputsBias: return Shape([config.numLabels])
    }
  }
}
