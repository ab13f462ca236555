internal import AlbertArchitecture
internal import AlbertBytes
internal import AlbertTensors

/// One run of a model over one batch, in one workspace.
///
/// Arrays are row-major [tokens, features], where the tokens of all sequences follow one another.
struct ForwardPass {
  let model: FastModel
  let inputs: ModelInputs
  let wanted: Set<Stage>
  let options: ForwardOptions
  let tokens: Tokens
  let workspace: Workspace
  let observer: PassObserver
  let emit: (StageOutput<Float>) -> Void
  private let start: StageOutput<Float>?
  /// The layers that run.
  private let layers: Range<Int>

  /// A pass that begins with the inputs, or with a hidden state that is known.
  init(
    _ model: FastModel, _ inputs: ModelInputs, _ wanted: Set<Stage>, _ options: ForwardOptions,
    _ tokens: Tokens, _ workspace: Workspace, from start: StageOutput<Float>?,
    _ observer: WorkObserver,
    emit: @escaping (StageOutput<Float>) -> Void
  ) {
    self.model = model
    self.inputs = inputs
    self.wanted = wanted
    self.options = options
    self.tokens = tokens
    self.workspace = workspace
    self.emit = emit
    self.start = start
    let config = model.config
    let first = start?.stage.layersBefore(config) ?? 0
    layers = first..<max(first, Self.layersNeeded(wanted, config))
    self.observer = PassObserver(observer, steps: config.passSteps(layers: layers.count))
  }

  var config: AlbertConfig { model.config }
  var contents: ModelContents { model.contents }

  func run() throws(InputProblem) {
    try observer.check()
    fillMask()
    if let start { resume(start) } else { try embed() }
    try observer.advance()
    for layer in layers {
      let group = config.layerMap.groups[layer]
      for inner in 0..<config.innerGroupNum {
        try apply(
          model.weights.blocks[group][inner],
          attentions: .attentions(layer * config.innerGroupNum + inner))
        try observer.advance()
      }
      unsafe take(.hiddenStates(layer + 1), workspace.hidden, width: config.hiddenSize)
    }
    try computeHeads()
    try observer.advance()
  }

  /// Takes a hidden state as it is given.
  private func resume(_ known: StageOutput<Float>) {
    let h = config.hiddenSize
    precondition(known.values.count == inputs.shape.count * h, "no hidden state of the inputs")
    for token in 0..<tokens.count {
      let first = tokens.place(token) * h
      for feature in 0..<h {
        unsafe workspace.hidden[token * h + feature] = known.values[first + feature]
      }
    }
  }

  /// What is added to the scores of each key.
  private func fillMask() {
    for token in 0..<tokens.count {
      // As upstream, the lowest number is added to a padded key's score, and not -inf: in a row of
      // nothing but padding all scores become that number, and every key counts alike.
      let isPadding = inputs.isPadding(tokens.place(token))
      unsafe workspace.mask[token] = isPadding ? -.greatestFiniteMagnitude : 0
    }
  }

  /// The stages that come out of layers tell how many layers have to run.
  private static func layersNeeded(_ wanted: Set<Stage>, _ config: AlbertConfig) -> Int {
    var needed = 0
    for stage in wanted {
      switch stage {
      case .embeddings: break
      case .hiddenStates(let index): needed = max(needed, index)
      case .attentions(let index): needed = max(needed, index / config.innerGroupNum + 1)
      default: return config.numHiddenLayers
      }
    }
    return min(needed, config.numHiddenLayers)
  }

  /// Emits a stage that lies at `address` as it is, if it is wanted.
  func take(_ stage: Stage, _ address: UnsafePointer<Float>) {
    guard wanted.contains(stage) else { return }
    let shape = stage.shape(config, contents, inputs)
    let values = unsafe Array(UnsafeBufferPointer(start: address, count: shape.count))
    emit(StageOutput(stage: stage, shape: shape, values: values))
  }

  /// Emits a stage whose tokens' rows lie at `address`, if it is wanted; rows of others are zeros.
  func take(_ stage: Stage, _ address: UnsafePointer<Float>, width: Int) {
    guard tokens.arePacked, wanted.contains(stage) else { return unsafe take(stage, address) }
    let shape = stage.shape(config, contents, inputs)
    var values = [Float](repeating: 0, count: shape.count)
    for run in tokens.runs {
      for index in 0..<run.count * width {
        values[run.place * width + index] = unsafe address[run.first * width + index]
      }
    }
    emit(StageOutput(stage: stage, shape: shape, values: values))
  }

  /// Emits a stage that `fill` computes where it is to stay, if it is wanted.
  ///
  /// `zeroed` where not all of it is filled; the shape is the stage's own where none is given.
  func take(
    _ stage: Stage, _ shape: Shape? = nil, zeroed: Bool = false,
    fill: (UnsafeMutablePointer<Float>) throws(InputProblem) -> Void
  ) throws(InputProblem) {
    guard wanted.contains(stage) else { return }
    let shape = shape ?? stage.shape(config, contents, inputs)
    var failure: InputProblem?
    let values = unsafe [Float](unsafeUninitializedCapacity: shape.count) { target, count in
      guard let base = target.baseAddress else { return }
      if zeroed { unsafe base.initialize(repeating: 0, count: shape.count) }
      do throws(InputProblem) {
        unsafe try fill(base)
        count = shape.count
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    emit(StageOutput(stage: stage, shape: shape, values: values))
  }

  /// Multiplications of a library's product after which the caller is asked whether to go on: about a
  /// second of one core.
  private static let largestProduct = 1 << 35

  /// y = activation(x Wᵀ + b).
  func multiply(
    _ x: UnsafePointer<Float>, _ layer: LinearLayer, _ activation: Activation? = nil,
    into y: UnsafeMutablePointer<Float>, rows: Int, depth: Int, outputs: Int
  ) throws(InputProblem) {
    try observer.check()
    switch layer.matrix {
    case .packed(let matrix):
      unsafe model.kernels.multiply(
        x, stride: depth, matrix, bias: layer.bias, activation: activation, into: y,
        stride: outputs, rows: rows, unless: { observer.isCancelled })
      try observer.check()
    case .inPlace(let weight, let blas):
      // Whole tiles of the product's rows, so that parts cost nothing.
      let part = max(256, Self.largestProduct / (depth * outputs) / 256 * 256)
      for first in stride(from: 0, to: rows, by: part) {
        try observer.check()
        unsafe blas.multiply(
          x + first * depth, stride: depth, weight, stride: depth, into: y + first * outputs,
          stride: outputs, rows: min(part, rows - first), depth: depth, outputs: outputs)
      }
      if let activation {
        unsafe model.kernels.activate(
          activation, y, bias: layer.bias, rows: rows, columns: outputs)
      } else {
        unsafe model.kernels.addBias(layer.bias, to: y, rows: rows, columns: outputs)
      }
    }
  }
}
