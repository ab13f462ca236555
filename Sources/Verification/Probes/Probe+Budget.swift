internal import AlbertArchitecture

extension Verification {
  /// Multiplications that one probe may cost in Float64: some tenths of a second on one core.
  private static let budget = 12e9

  /// The default probes, each with the stages that it can afford.
  ///
  /// A short batch runs through the whole model, whose every layer and head it is there for. The longest
  /// sequence is there for what depends on a token's place and on how many others there are: positions,
  /// segments and attention, which show in the embeddings and in the first layer. It runs as much further
  /// as the budget reaches: through small models, through the first three layers of ALBERT-base.
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
