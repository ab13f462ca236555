package import AlbertTensors

extension Stage {
  /// Every stage of a model in the order of computation; attentions only where asked for.
  package static func all(
    _ config: AlbertConfig, _ contents: ModelContents, attentions: Bool = false
  ) -> [Stage] {
    var stages: [Stage] = [.embeddings, .hiddenStates(0)]
    for layer in 0..<config.numHiddenLayers {
      if attentions {
        stages += (0..<config.innerGroupNum).map { .attentions(layer * config.innerGroupNum + $0) }
      }
      stages.append(.hiddenStates(layer + 1))
    }
    stages.append(.lastHiddenState)
    if contents.pooler { stages.append(.poolerOutput) }
    if contents.mlm { stages.append(.predictionLogits) }
    if contents.pooler && contents.sop { stages.append(.sopLogits) }
    switch contents.taskHead {
    case .sequenceClassification, .multipleChoice: if contents.pooler { stages.append(.logits) }
    case .tokenClassification: stages.append(.logits)
    case .questionAnswering: stages += [.startLogits, .endLogits]
    case nil: break
    }
    return stages
  }

  /// The shape of the stage for `inputs` that were checked.
  package func shape(
    _ config: AlbertConfig, _ contents: ModelContents, _ inputs: ModelInputs
  ) -> Shape {
    Shape(dimensions(config, contents, inputs))
  }

  /// Whether the stage has one row of values per token, so that padded rows can be told apart.
  package func isPerToken(_ contents: ModelContents) -> Bool {
    switch self {
    case .embeddings, .hiddenStates, .lastHiddenState, .predictionLogits, .startLogits, .endLogits:
      true
    case .logits: contents.taskHead == .tokenClassification
    case .attentions, .poolerOutput, .sopLogits: false
    }
  }

  /// Whether it is what a model is run for, not a step on the way.
  package var isOutput: Bool {
    switch self {
    case .embeddings, .hiddenStates, .attentions: false
    default: true
    }
  }

  /// How many layers have been applied once the stage is there; nil where it is not a hidden state.
  package func layersBefore(_ config: AlbertConfig) -> Int? {
    switch self {
    case .hiddenStates(let index): index
    case .lastHiddenState: config.numHiddenLayers
    default: nil
    }
  }
}
