public import AlbertArchitecture
public import AlbertBytes

/// The forward pass in Float64, written as a textbook would: the measure for every other one.
///
/// It is pinned to activations that the upstream libraries recorded. Arrays are row-major
/// [tokens, features], where the tokens of all sequences follow one another. Weights of any
/// floating-point type are widened where they are used. Beside a few activations of the input's size
/// and the stages that are asked for it needs no memory.
public struct ReferenceModel: Sendable {
  let store: any ParameterStore
  let parallelism: Parallelism
  let layerNormKind: LayerNormKind
  let disturbance: Disturbance?
  let products: ProductPrecision
  let masking: Masking

  /// A model over `store`'s parameters; the results do not depend on `parallel`.
  ///
  /// With a `disturbance` they are not the model's, but what rounding could make of them; `products` are the
  /// precision of a runtime's products, and `masking` is what it does where there is padding.
  package init(
    _ store: any ParameterStore, parallel: Bool = true, layerNorm: LayerNormKind = .variance,
    disturbance: Disturbance? = nil, products: ProductPrecision = .full,
    masking: Masking = .hiding
  ) {
    self.store = store
    parallelism = parallel ? .allCores : .oneCore
    layerNormKind = layerNorm
    self.disturbance = disturbance
    self.products = products
    self.masking = masking
  }

  /// What the model computes.
  public var config: AlbertConfig { store.config }

  /// All stages, or those of `stages`, in the order of computation; attentions only by name.
  ///
  /// - Parameters:
  ///   - inputs: Token ids, mask and segments, [batch, sequence], or [batch, choices, sequence] for
  ///     multiple choice.
  ///   - stages: The stages to compute; all but attentions where nil.
  ///   - observer: Told of blocks of layers, and asked inside of them whether to give up.
  /// - Returns: Each stage with its shape and its values, row-major.
  /// - Throws: ``InputProblem`` where the inputs do not fit the model, and `cancelled` where the observer
  ///   gives up.
  public func forward(
    _ inputs: ModelInputs, stages: [Stage]? = nil, observer: WorkObserver = WorkObserver()
  ) throws(InputProblem) -> [StageOutput<Double>] {
    var outputs: [StageOutput<Double>] = []
    try forward(inputs, stages, observer, together: true) { outputs.append($0) }
    return outputs
  }

  /// Hands each stage to `emit` as soon as it is computed, so that no more than one is in memory.
  ///
  /// Stages that the model does not have are passed over.
  ///
  /// - Parameters:
  ///   - inputs: Token ids, mask and segments, [batch, sequence], or [batch, choices, sequence] for
  ///     multiple choice.
  ///   - stages: The stages to compute; all but attentions where nil.
  ///   - observer: Told of blocks of layers, and asked inside of them whether to give up.
  ///   - emit: Takes each stage with its shape and its values, row-major.
  /// - Throws: ``InputProblem`` where the inputs do not fit the model, and `cancelled` where the observer
  ///   gives up.
  package func forward(
    _ inputs: ModelInputs, stages: [Stage]? = nil, observer: WorkObserver = WorkObserver(),
    emit: (StageOutput<Double>) -> Void
  ) throws(InputProblem) {
    try forward(inputs, stages, observer, together: false, emit: emit)
  }

  /// Those of `stages` that lie behind a hidden state, which is taken as it is given.
  ///
  /// `hidden` is a `hidden_states.N` or the last one, of the shape that it has for `inputs`.
  package func forward(
    _ inputs: ModelInputs, from hidden: StageOutput<Double>, stages: [Stage],
    observer: WorkObserver = WorkObserver()
  ) throws(InputProblem) -> [StageOutput<Double>] {
    var outputs: [StageOutput<Double>] = []
    try forward(inputs, stages, observer, together: true, from: hidden) { outputs.append($0) }
    return outputs
  }

  private func forward(
    _ inputs: ModelInputs, _ stages: [Stage]?, _ observer: WorkObserver, together: Bool,
    from start: StageOutput<Double>? = nil, emit: (StageOutput<Double>) -> Void
  ) throws(InputProblem) {
    try inputs.check(config, store.contents)
    let known = Set(Stage.all(config, store.contents, attentions: true))
    let wanted = known.intersection(stages ?? Stage.all(config, store.contents))
    try inputs.checkMemory(
      config, store.contents, stages: wanted, together: together,
      elementSize: MemoryLayout<Double>.size)
    try withoutActuallyEscaping(emit) { (emit) throws(InputProblem) in
      let sink = StageSink(wanted: wanted, model: self, inputs: inputs, emit: emit)
      try run(inputs, start, sink, observer)
    }
  }

  private func run(
    _ inputs: ModelInputs, _ start: StageOutput<Double>?, _ sink: StageSink,
    _ observer: WorkObserver
  ) throws(InputProblem) {
    let first = start?.stage.layersBefore(config) ?? 0
    let layers = first..<max(first, sink.layersNeeded)
    let observer = PassObserver(observer, steps: config.passSteps(layers: layers.count))
    let computation = Computation(
      weights: Weights(store: store), parallelism: parallelism, layerNormKind: layerNormKind,
      observer: observer, disturbance: disturbance, products: products)
    try observer.check()
    var hidden: Matrix  // [tokens, H]
    if let start {
      hidden = hiddenState(start, inputs)
    } else {
      hidden = try embeddings(inputs, computation, sink)
    }
    try observer.advance()
    for layer in layers {
      for inner in 0..<config.innerGroupNum {
        let block = Block(group: config.layerMap.groups[layer], inner: inner)
        let index = layer * config.innerGroupNum + inner
        hidden = try apply(
          block, to: hidden, inputs, computation, sink, attentions: .attentions(index))
        try observer.advance()
      }
      sink.take(.hiddenStates(layer + 1), hidden)
    }
    try heads(hidden, inputs, computation, sink)
    try observer.advance()
  }

  private func hiddenState(_ known: StageOutput<Double>, _ inputs: ModelInputs) -> Matrix {
    precondition(
      known.values.count == inputs.shape.count * config.hiddenSize, "no hidden state of the inputs")
    return Matrix(rows: inputs.shape.count, columns: config.hiddenSize, values: known.values)
  }
}

/// Where stages go: to the caller if they are wanted.
struct StageSink {
  let wanted: Set<Stage>
  let model: ReferenceModel
  let inputs: ModelInputs
  let emit: (StageOutput<Double>) -> Void

  func wants(_ stage: Stage) -> Bool { wanted.contains(stage) }

  func take(_ stage: Stage, _ x: Matrix) { take(stage, x.values) }

  func take(_ stage: Stage, _ values: [Double]) {
    guard wants(stage) else { return }
    let shape = stage.shape(model.config, model.store.contents, inputs)
    emit(StageOutput(stage: stage, shape: shape, values: values))
  }

  /// Layers that some wanted stage depends on.
  var layersNeeded: Int {
    let layers = model.config.numHiddenLayers
    let needed = wanted.map { (stage: Stage) -> Int in
      switch stage {
      case .embeddings: 0
      case .hiddenStates(let index): index
      case .attentions(let index): index / model.config.innerGroupNum + 1
      default: layers
      }
    }
    return min(needed.max() ?? 0, layers)
  }
}

/// The parameters of one inner layer of one group.
struct Block {
  let group: Int
  let inner: Int

  subscript(role: ParameterRole) -> Parameter { Parameter(role, group: group, inner: inner) }
}
