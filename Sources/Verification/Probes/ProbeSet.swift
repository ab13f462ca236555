internal import AlbertArchitecture

/// What two models are held against one another on where the caller names no inputs.
package enum ProbeSet: Sendable {
  /// All that there is, each with the stages that it can afford.
  case full
  /// A short batch.
  case short
  /// Nothing: only the weights are compared.
  case none

  /// The probes that models of `configs` can take, the subject's being `config`.
  func probes(_ configs: [AlbertConfig], of config: AlbertConfig) -> [Probe] {
    switch self {
    case .full: Verification.probes(configs, of: config)
    // Two rows of eight fill the registers that the products of Float64 are computed in.
    case .short: [Probe(inputs: ProbeInputs.short(configs, width: 8), stages: nil)]
    case .none: []
    }
  }
}

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
