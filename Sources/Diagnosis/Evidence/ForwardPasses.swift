internal import AlbertArchitecture
internal import AlbertBytes
internal import AlbertFastModel
internal import AlbertReferenceModel
internal import AlbertTensors

/// The one way to a forward pass in a diagnosis: each is paid for, and none is begun once cancelled.
struct ForwardPasses {
  let golden: GoldenOutputs
  let budget: SearchBudget
  let isCancelled: @Sendable () -> Bool
  /// How many layers the subject has.
  private let layers: Int

  /// Passes of a subject over the inputs of a golden file.
  init(
    _ golden: GoldenOutputs, _ subject: EditedModel, _ isCancelled: @escaping @Sendable () -> Bool
  ) {
    self.golden = golden
    self.isCancelled = isCancelled
    layers = max(1, subject.config.numHiddenLayers)
    let tokens = Double(golden.inputs.shape.count)
    let whole = Step.all(golden, subject).reduce(0) { $0 + $1.cost(subject.config) }
    budget = SearchBudget(
      Policy.multiplications,
      reserve: Policy.confirmations * Policy.referenceCost * whole * tokens)
  }

  /// Ends a pass between its layers.
  private var observer: WorkObserver { WorkObserver(isCancelled: isCancelled) }

  /// Whether measuring goes on.
  var canConfirm: Bool { !isCancelled() && budget.reserve > 0 }

  /// How far the outcome of a pass is from the recorded one; nil where it cannot be computed, gives
  /// another shape or costs too much.
  func residual(_ pass: Pass, _ purpose: SearchBudget.Purpose) -> Residual? {
    guard let entry = golden[pass.step.target], pays(pass, purpose) else { return nil }
    if pass.engine == .fast, case .some(let output) = fast(pass) {
      let isWide =
        purpose == .search && pass.step.target == .predictionLogits
        && pass.model.config.vocabSize > Policy.wideVocabulary
      return compare(output, entry, pass.sequences, stride: isWide ? Policy.wideStride : 1)
    }
    return reference(pass).flatMap { compare($0, entry, pass.sequences, stride: 1) }
  }

  /// The outcome of a pass; nil where it cannot be computed or costs too much.
  func values(_ pass: Pass, _ purpose: SearchBudget.Purpose) -> [Double]? {
    guard pays(pass, purpose) else { return nil }
    if pass.engine == .fast, case .some(let output) = fast(pass) {
      return output?.values.map(Double.init)
    }
    return reference(pass)?.values
  }

  private func pays(_ pass: Pass, _ purpose: SearchBudget.Purpose) -> Bool {
    guard !isCancelled() else { return false }
    let config = pass.model.config
    let depth = Double(max(1, config.numHiddenLayers)) / Double(layers)
    let tokens = Double(pass.sequences.count * golden.inputs.sequence)
    return budget.spend(pass.step.cost(config) * depth * tokens, pass.engine, for: purpose)
  }

  private func compare<Element>(
    _ output: StageOutput<Element>?, _ entry: GoldenOutputs.Entry, _ sequences: [Int], stride: Int
  ) -> Residual? {
    guard let output,
      output.values.count * golden.inputs.sequences == entry.values.count * sequences.count
    else { return nil }
    return Residual(output.values, entry, sequences, golden, stride: stride)
  }

  /// In Float64.
  private func reference(_ pass: Pass) -> StageOutput<Double>? {
    guard let inputs = inputs(pass) else { return nil }
    return output(pass, inputs, start(pass, inputs)) {
      ReferenceModel($0, products: $0.products, masking: $0.masking)
    }
  }

  /// In Float32; the outer nil where the machine has no matrix product, or products or masks are otherwise.
  private func fast(_ pass: Pass) -> StageOutput<Float>?? {
    guard let inputs = inputs(pass) else { return .some(nil) }
    guard pass.model.products == .full, pass.model.masking == .hiding,
      let own = try? FastModel(pass.model)
    else { return nil }
    return output(pass, inputs, start(pass, inputs).map(StageOutput<Float>.init)) { model in
      let isOwn = model.config.hiddenAct == pass.model.config.hiddenAct
      return isOwn ? own : try? FastModel(model)
    }
  }

  /// The step's outcome; a masked-LM head with an activation of its own is run by itself.
  private func output<Engine: StageEngine>(
    _ pass: Pass, _ inputs: ModelInputs, _ start: StageOutput<Engine.Number>?,
    _ engine: (EditedModel) -> Engine?
  ) -> StageOutput<Engine.Number>? {
    func run(
      _ model: EditedModel, _ start: StageOutput<Engine.Number>?, _ stage: Stage
    ) -> StageOutput<Engine.Number>? {
      let engine = engine(model)
      let outputs =
        if let start {
          try? engine?.forward(inputs, from: start, stages: [stage], observer: observer)
        } else {
          try? engine?.forward(inputs, stages: [stage], observer: observer)
        }
      return outputs?.first
    }
    guard pass.step.target == .predictionLogits, let head = pass.model.head else {
      return run(pass.model, start, pass.step.target)
    }
    return run(pass.model, start, .lastHiddenState).flatMap { run(head, $0, pass.step.target) }
  }

  /// The inputs of some sequences, as the model reads them; nil where it cannot.
  private func inputs(_ pass: Pass) -> ModelInputs? {
    try? pass.model.reading(
      golden.inputs.part(pass.sequences, pass.model.contents),
      vocabulary: pass.model.config.vocabSize)
  }

  /// The recorded hidden state from which a step starts.
  private func start(_ pass: Pass, _ inputs: ModelInputs) -> StageOutput<Double>? {
    let config = pass.model.config
    guard let start = pass.step.start, let entry = golden[start],
      // The last one stays the last, however many layers the model has.
      let layers = start.layersBefore(config)
    else { return nil }
    let values = golden.values(entry, pass.sequences)
    guard values.count == inputs.shape.count * config.hiddenSize else { return nil }
    return StageOutput(
      stage: .hiddenStates(layers),
      shape: Shape([pass.sequences.count, inputs.sequence, config.hiddenSize]), values: values)
  }
}

/// What both engines do.
private protocol StageEngine {
  associatedtype Number: BinaryFloatingPoint

  func forward(
    _ inputs: ModelInputs, stages: [Stage]?, observer: WorkObserver
  ) throws(InputProblem) -> [StageOutput<Number>]

  func forward(
    _ inputs: ModelInputs, from hidden: StageOutput<Number>, stages: [Stage],
    observer: WorkObserver
  ) throws(InputProblem) -> [StageOutput<Number>]
}

extension ReferenceModel: StageEngine {}

extension FastModel: StageEngine {}

extension StageOutput<Float> {
  /// The same in Float32.
  fileprivate init(_ output: StageOutput<Double>) {
    self.init(stage: output.stage, shape: output.shape, values: output.values.map(Float.init))
  }
}
