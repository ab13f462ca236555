package import AlbertArchitecture

extension PartialConfig {
  /// Everything that a complete config says.
  package init(_ config: AlbertConfig) {
    self.init()
    for (own, size) in zip(Self.sizes, AlbertConfig.sizes) {
      self[keyPath: own.path] = config[keyPath: size.path]
    }
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
