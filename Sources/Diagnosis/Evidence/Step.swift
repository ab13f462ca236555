internal import AlbertArchitecture
internal import AlbertTensors

/// A part of the forward pass between two recorded stages: what comes in, and what should come out.
///
/// A step starts from the recorded numbers themselves, so that it is right or wrong by its own, and
/// an error before it does not hide one in it.
struct Step {
  /// The recorded hidden state that comes in; nil where the step starts from the inputs.
  let start: Stage?
  /// The recorded stage that should come out.
  let target: Stage
  /// The layers that are applied.
  let layers: Range<Int>
  /// The parts of the model that are used.
  let regions: Set<ModelRegion>

  /// The steps to each of the recorded stages, in the order of computation.
  static func all(_ golden: GoldenOutputs, _ model: EditedModel) -> [Step] {
    var start: Stage?
    var steps: [Step] = []
    let known = Set(Stage.all(model.config, model.contents, attentions: true))
    for entry in golden.entries where known.contains(entry.stage) {
      steps.append(Step(start, entry.stage, model))
      if entry.stage.layersBefore(model.config) != nil, entry.isFinite { start = entry.stage }
    }
    return steps
  }

  /// The step from a hidden state, or from the inputs, to a stage of a model.
  init(_ start: Stage?, _ target: Stage, _ model: EditedModel) {
    let (config, contents) = (model.config, model.contents)
    let first = start?.layersBefore(config) ?? 0
    let last =
      switch target {
      case .embeddings: 0
      case .attentions(let index): index / config.innerGroupNum + 1
      default: target.layersBefore(config) ?? config.numHiddenLayers
      }
    self.start = start
    self.target = target
    layers = min(first, last)..<last
    var regions: Set<ModelRegion> = []
    if start == nil {
      regions.insert(.embeddings)
      if target != .embeddings { regions.insert(.projection) }
    }
    for layer in layers {
      for inner in 0..<config.innerGroupNum {
        if case .attentions(let index) = target, layer * config.innerGroupNum + inner > index {
          continue
        }
        regions.insert(.block(config.layerMap.groups[layer], inner))
      }
    }
    switch target {
    case .poolerOutput: regions.insert(.pooler)
    case .sopLogits: regions.formUnion([.pooler, .sop])
    case .predictionLogits: regions.insert(.mlm)
    case .logits, .startLogits, .endLogits:
      regions.insert(.task)
      if contents.taskHead?.usesPooler == true { regions.insert(.pooler) }
    default: break
    }
    self.regions = regions
  }

  /// Whether the step ends within the layers, so that it does not depend on how many follow.
  var isBeforeLastLayer: Bool { !target.isOutput }

  /// The one layer that is applied to a recorded state, with nothing behind it; nil where the step is more.
  var layer: Int? {
    guard case .hiddenStates = start, layers.count == 1,
      isBeforeLastLayer || target == .lastHiddenState
    else { return nil }
    return layers.lowerBound
  }

  /// The blocks that are used, in order.
  var blocks: [Block] {
    regions.compactMap { region in
      if case .block(let group, let inner) = region { (group, inner) } else { nil }
    }
    .ordered { $0 < $1 }
  }

  /// The largest difference that rounding explains within the step.
  func allowance(
    _ golden: GoldenOutputs, _ config: AlbertConfig, _ engine: Engine, weights: [Double]
  ) -> Double {
    guard let entry = golden[target] else { return 0 }
    var arithmetic = [engine.roundoff, entry.roundoff]
    if let start, let entry = golden[start] { arithmetic.append(entry.roundoff) }
    // The derived tolerance of a model that has no more layers than the step.
    var local = config
    local.numHiddenLayers = layers.count
    let stage: Stage =
      switch target {
      case .hiddenStates, .lastHiddenState: .hiddenStates(layers.count)
      case .attentions(let index): .attentions(index - layers.lowerBound * config.innerGroupNum)
      default: target
      }
    return Tolerance(arithmetic: arithmetic, weights: weights).largest(
      stage, local, scale: entry.scale, count: entry.values.count, keys: golden.inputs.sequence)
  }

  /// Multiplications of the step for one token, heads left out.
  func cost(_ config: AlbertConfig) -> Double {
    let vocabulary = regions.contains(.mlm) ? Double(config.embeddingSize * config.vocabSize) : 0
    return Double(layers.count) * config.multiplicationsPerToken + vocabulary
      + Double(config.hiddenSize * config.embeddingSize)
  }
}
