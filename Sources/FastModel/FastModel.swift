public import AlbertArchitecture
public import AlbertBytes

/// The forward pass in Float32.
///
/// All layers share their weights, so that each matrix is packed once, when it is first used, for products
/// whose kernels are chosen by the processor. Where it has no vector instructions that they know, the
/// machine's BLAS library multiplies with the weights in place. The model is immutable: any number of
/// threads may call `forward` at a time, each with a workspace of its own that is kept for the next call.
///
/// Results are the same in every run on a machine; another machine's products may round differently.
public final class FastModel: Sendable {
  /// What the model computes.
  public let config: AlbertConfig
  /// Which parts it has.
  public let contents: ModelContents

  let kernels: Kernels
  let weights: FastWeights
  let workspaces = WorkspacePool()

  /// A model over `store`'s parameters.
  ///
  /// Throws where the process's limits leave it no room; the error says what to do.
  /// - Parameters:
  ///   - store: The parameters.
  ///   - maxPanels: Bytes of packed matrices that it may keep; of more it keeps none, and packs them for
  ///     each layer. Without a number: as many as the model itself takes.
  package convenience init(
    _ store: any ParameterStore, maxPanels: Int? = nil
  ) throws(FileError) {
    let kernels = Kernels()
    try self.init(store, kernels, .best(kernels), maxPanels: maxPanels)
  }

  /// A model that computes with stated kernels and products.
  init(
    _ store: any ParameterStore, _ kernels: Kernels, _ products: Products, maxPanels: Int? = nil
  ) throws(FileError) {
    self.kernels = kernels
    config = store.config
    contents = store.contents
    weights = FastWeights(store, products, maxPanels: maxPanels)
    try weights.checkMemory()
  }

  /// All stages, or those of `stages`, in the order of computation; attentions only by name.
  ///
  /// - Parameters:
  ///   - inputs: Token ids, mask and segments, [batch, sequence], or [batch, choices, sequence] for
  ///     multiple choice.
  ///   - stages: The stages to compute; all but attentions where nil.
  ///   - observer: Told of blocks of layers, and asked between products whether to give up.
  /// - Returns: Each stage with its shape and its values, row-major.
  /// - Throws: ``InputProblem`` where the inputs do not fit the model, and `cancelled` where the observer
  ///   gives up.
  public func forward(
    _ inputs: ModelInputs, stages: [Stage]? = nil, observer: WorkObserver = WorkObserver()
  ) throws(InputProblem) -> [StageOutput<Float>] {
    var outputs: [StageOutput<Float>] = []
    try forward(inputs, stages, ForwardOptions(), observer, together: true) { outputs.append($0) }
    return outputs
  }

  /// All stages, or those of `stages`, without what `options` leave out.
  package func forward(
    _ inputs: ModelInputs, stages: [Stage]? = nil, _ options: ForwardOptions,
    observer: WorkObserver = WorkObserver()
  ) throws(InputProblem) -> [StageOutput<Float>] {
    var outputs: [StageOutput<Float>] = []
    try forward(inputs, stages, options, observer, together: true) { outputs.append($0) }
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
  ///   - observer: Told of blocks of layers, and asked between products whether to give up.
  ///   - emit: Takes each stage with its shape and its values, row-major.
  /// - Throws: ``InputProblem`` where the inputs do not fit the model, and `cancelled` where the observer
  ///   gives up.
  package func forward(
    _ inputs: ModelInputs, stages: [Stage]? = nil, observer: WorkObserver = WorkObserver(),
    emit: (StageOutput<Float>) -> Void
  ) throws(InputProblem) {
    try forward(inputs, stages, ForwardOptions(), observer, together: false, emit: emit)
  }

  /// Those of `stages` that lie behind a hidden state, which is taken as it is given.
  ///
  /// `hidden` is a `hidden_states.N` or the last one, of the shape that it has for `inputs`.
  package func forward(
    _ inputs: ModelInputs, from hidden: StageOutput<Float>, stages: [Stage],
    observer: WorkObserver = WorkObserver()
  ) throws(InputProblem) -> [StageOutput<Float>] {
    var outputs: [StageOutput<Float>] = []
    try forward(inputs, stages, ForwardOptions(), observer, together: true, from: hidden) {
      outputs.append($0)
    }
    return outputs
  }

  private func forward(
    _ inputs: ModelInputs, _ stages: [Stage]?, _ options: ForwardOptions,
    _ observer: WorkObserver, together: Bool, from start: StageOutput<Float>? = nil,
    emit: (StageOutput<Float>) -> Void
  ) throws(InputProblem) {
    try inputs.check(config, contents)
    let known = Set(Stage.all(config, contents, attentions: true))
    let wanted = known.intersection(stages ?? Stage.all(config, contents))
    // Of a few tokens' words alone there is no more than of other stages.
    let large = options.scored == nil ? wanted : wanted.subtracting([.predictionLogits])
    try inputs.checkMemory(
      config, contents, stages: large, together: together,
      elementSize: MemoryLayout<Float>.size)
    let tokens = Tokens(
      inputs, withoutPadding: options.skipsPadding || wanted.allSatisfy(isOfSequences),
      keeping: Set(options.scored ?? []))
    let extent = Workspace.Extent(tokens, weights.products, config)
    try withoutActuallyEscaping(emit) { (emit) throws(InputProblem) in
      try workspaces.withWorkspace(extent, config) { (workspace) throws(InputProblem) in
        try ForwardPass(
          self, inputs, wanted, options, tokens, workspace, from: start, observer, emit: emit
        ).run()
      }
    }
  }

  /// Whether a stage has values of sequences instead of tokens.
  private func isOfSequences(_ stage: Stage) -> Bool {
    if case .attentions = stage { false } else { !stage.isPerToken(contents) }
  }
}
