internal import AlbertArchitecture

extension Verification {
  /// Multiplications that one probe may cost in Float64: some seconds on one core.
  private static let budget = 40e9

  /// The default probes, each with the stages that it can afford.
  ///
  /// A short batch runs through the whole model. The longest sequence is there for the positions and
  /// the mask, which show in the embeddings and in the first layer; of a large model it runs no
  /// further.
  static func probes(_ configs: [AlbertConfig], of config: AlbertConfig) -> [Probe] {
    ProbeInputs.full(configs).map { inputs in
      let perLayer = config.multiplicationsPerToken * Double(inputs.shape.count)
      let layers = Int(min(Double(config.numHiddenLayers), budget / perLayer))
      if inputs.sequences > 1 || layers >= config.numHiddenLayers {
        return Probe(inputs: inputs, stages: nil)
      }
      let stages = [.embeddings] + (0...max(1, layers)).map { Stage.hiddenStates($0) }
      return Probe(inputs: inputs, stages: Set(stages))
    }
  }
}
