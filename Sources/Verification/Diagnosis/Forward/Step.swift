internal import Albert
internal import Tensors

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
  let places: Set<Place>

  /// The steps to each of the recorded stages, in the order of computation.
  static func all(_ recording: Recording, _ trial: Trial) -> [Step] {
    var start: Stage?
    var steps: [Step] = []
    let known = Set(Stage.all(trial.config, trial.contents, attentions: true))
    for entry in recording.entries where known.contains(entry.stage) {
      steps.append(Step(start, entry.stage, trial))
      if entry.stage.layersBefore(trial.config) != nil, entry.isFinite { start = entry.stage }
    }
    return steps
  }

  private init(_ start: Stage?, _ target: Stage, _ trial: Trial) {
    let config = trial.config
    let contents = trial.contents
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
    var places: Set<Place> = []
    if start == nil {
      places.insert(.embeddings)
      if target != .embeddings { places.insert(.projection) }
    }
    for layer in layers {
      for inner in 0..<config.innerGroupNum {
        if case .attentions(let index) = target, layer * config.innerGroupNum + inner > index {
          continue
        }
        places.insert(.block(config.layerMap.groups[layer], inner))
      }
    }
    switch target {
    case .poolerOutput: places.insert(.pooler)
    case .sopLogits: places.formUnion([.pooler, .sop])
    case .predictionLogits: places.insert(.mlm)
    case .logits, .startLogits, .endLogits:
      places.insert(.task)
      if contents.taskHead?.usesPooler == true { places.insert(.pooler) }
    default: break
    }
    self.places = places
  }

  /// Whether the step ends within the layers, so that it does not depend on how many follow.
  var isBeforeLastLayer: Bool {
    switch target {
    case .embeddings, .hiddenStates, .attentions: true
    default: false
    }
  }

  /// The blocks that are used, in order.
  var blocks: [(group: Int, inner: Int)] {
    places.compactMap { place in
      if case .block(let group, let inner) = place { (group, inner) } else { nil }
    }
    .sorted { $0 < $1 }
  }

  /// The largest difference that rounding explains within the step.
  func allowance(
    _ recording: Recording, _ config: AlbertConfig, _ engine: Engine, weights: [Double]
  ) -> Double {
    guard let entry = recording[target] else { return 0 }
    var arithmetic = [engine.roundoff, entry.roundoff]
    if let start, let entry = recording[start] { arithmetic.append(entry.roundoff) }
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
      stage, local, scale: entry.scale, count: entry.values.count, keys: recording.inputs.sequence)
  }

  /// Multiplications of the step for one token, heads left out.
  func cost(_ config: AlbertConfig) -> Double {
    let vocabulary = places.contains(.mlm) ? Double(config.embeddingSize * config.vocabSize) : 0
    return Double(layers.count) * config.multiplicationsPerToken + vocabulary
      + Double(config.hiddenSize * config.embeddingSize)
  }
}

/// A part of the model, as far as hypotheses tell parts apart.
enum Place: Hashable {
  case embeddings
  case projection
  /// One inner layer of one group.
  case block(Int, Int)
  case pooler
  case mlm
  case sop
  case task

  /// Where a parameter enters the computation.
  init(_ parameter: Parameter) {
    switch parameter.role.component {
    case .embeddings: self = .embeddings
    case .projection: self = .projection
    case .encoder: self = .block(parameter.group, parameter.inner)
    case .pooler: self = .pooler
    case .mlmHead: self = .mlm
    case .sopHead: self = .sop
    case .taskHead: self = .task
    }
  }
}
