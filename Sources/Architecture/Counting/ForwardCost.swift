/// What a forward pass costs, computed from the config alone.
package enum ForwardCost {
  /// Floating-point operations of one sequence of `length` tokens: twice the multiply-adds of all
  /// matrix products, attention included, heads and pooler not.
  package static func flops(_ config: AlbertConfig, length: Int) -> Int {
    let h = config.hiddenSize
    let products = 4 * h * h + 2 * h * config.intermediateSize
    let attention = 2 * length * h
    let applications = config.numHiddenLayers * config.innerGroupNum
    let projection = config.embeddingProjectionIsIdentity ? 0 : config.embeddingSize * h
    return 2 * length * (projection + applications * (products + attention))
  }
}

extension AlbertConfig {
  /// Multiplications of one layer per token, attention itself left out.
  package var multiplicationsPerToken: Double {
    let h = Double(hiddenSize)
    return (4 * h * h + 2 * h * Double(intermediateSize)) * Double(innerGroupNum)
  }
}
