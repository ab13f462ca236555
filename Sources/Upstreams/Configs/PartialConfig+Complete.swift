package import AlbertArchitecture

extension PartialConfig {
  /// Everything that a complete config says.
  package init(_ config: AlbertConfig) {
    self.init()
    vocabSize = config.vocabSize
    embeddingSize = config.embeddingSize
    hiddenSize = config.hiddenSize
    intermediateSize = config.intermediateSize
    maxPositionEmbeddings = config.maxPositionEmbeddings
    typeVocabSize = config.typeVocabSize
    numHiddenLayers = config.numHiddenLayers
    numHiddenGroups = config.numHiddenGroups
    innerGroupNum = config.innerGroupNum
    numAttentionHeads = config.numAttentionHeads
    hiddenAct = config.hiddenAct
    activationWord = .own(config.hiddenAct)
    layerNormEps = config.layerNormEps
    mlmLayerNormEps = config.mlmLayerNormEps
    layerMap = config.layerMap
    taskHead = config.taskHead
    numLabels = config.numLabels
    passthrough = config.passthrough
  }
}
