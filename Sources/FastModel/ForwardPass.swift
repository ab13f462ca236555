internal import Albert

/// One run of a model over one batch, in one workspace.
///
/// Arrays are row-major [tokens, features], where the tokens of all sequences follow one another.
struct ForwardPass {
  let model: FastModel
  let inputs: ModelInputs
  let wanted: Set<Stage>
  let workspace: Workspace
  let emit: (StageOutput<Float>) -> Void

  var config: AlbertConfig { model.config }
  var contents: ModelContents { model.contents }
  var tokens: Int { inputs.sequences * inputs.sequence }

  func run(from start: StageOutput<Float>?) {
    fillMask()
    if let start { resume(start) } else { embed() }
    let first = start?.stage.layersBefore(config) ?? 0
    for layer in first..<max(first, layersNeeded) {
      let group = config.layerMap.groups[layer]
      for inner in 0..<config.innerGroupNum {
        apply(
          model.weights.blocks[group][inner],
          attentions: .attentions(layer * config.innerGroupNum + inner))
      }
      unsafe take(.hiddenStates(layer + 1), workspace.hidden)
    }
    computeHeads()
  }

  /// Takes a hidden state as it is given.
  private func resume(_ known: StageOutput<Float>) {
    precondition(known.values.count == tokens * config.hiddenSize, "no hidden state of the inputs")
    for (index, value) in known.values.enumerated() { unsafe workspace.hidden[index] = value }
  }

  /// What is added to the scores of each key.
  private func fillMask() {
    for token in 0..<tokens {
      // As upstream, the lowest number is added to a padded key's score, and not -inf: in a row of
      // nothing but padding all scores become that number, and every key counts alike.
      unsafe workspace.mask[token] = inputs.isPadding(token) ? -.greatestFiniteMagnitude : 0
    }
  }

  /// The stages that come out of layers tell how many layers have to run.
  private var layersNeeded: Int {
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

  /// Emits a stage that lies at `address`, if it is wanted.
  func take(_ stage: Stage, _ address: UnsafePointer<Float>) {
    unsafe take(stage) { target in
      unsafe target.update(from: address, count: stage.shape(config, contents, inputs).count)
    }
  }

  /// Emits a stage that `fill` computes where it is to stay, if it is wanted.
  func take(_ stage: Stage, fill: (UnsafeMutablePointer<Float>) -> Void) {
    guard wanted.contains(stage) else { return }
    let shape = stage.shape(config, contents, inputs)
    let values = unsafe [Float](unsafeUninitializedCapacity: shape.count) { target, count in
      if let base = target.baseAddress { unsafe fill(base) }
      count = shape.count
    }
    emit(StageOutput(stage: stage, shape: shape, values: values))
  }

  /// y = x Wᵀ, without the bias, which the next kernel adds.
  func multiply(
    _ x: UnsafePointer<Float>, _ layer: LinearWeights, into y: UnsafeMutablePointer<Float>,
    rows: Int, depth: Int, outputs: Int
  ) {
    unsafe model.blas.multiply(
      x, stride: depth, layer.weight, stride: depth, into: y, stride: outputs, rows: rows,
      depth: depth, outputs: outputs)
  }
}
