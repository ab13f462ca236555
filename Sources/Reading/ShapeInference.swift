internal import AlbertArchitecture
internal import AlbertTensors
internal import AlbertUpstreams

/// What the shapes of a checkpoint's tensors say of its config, and by which tensor.
struct ShapeInference {
  /// What they say.
  private(set) var config = PartialConfig()
  private var found: [ParameterRole: (tensor: TensorDescription, layout: Layout)] = [:]

  /// Sizes by the tensors that have them; layers and activation leave no trace in any shape.
  ///
  /// `names` are the names by which `tensors` are known.
  init(of candidate: Candidate, _ tensors: [TensorDescription], names: [String]) {
    let lookup = candidate.lookup
    for (name, tensor) in zip(names, tensors) {
      switch lookup.known[name] {
      case .parameter(let parameter, let layout), .copy(let parameter, let layout, _):
        guard parameter.group == 0, parameter.inner == 0, found[parameter.role] == nil else {
          continue
        }
        found[parameter.role] = (tensor, layout)
      case .buffer, .training, .surrounding, .unexpected, nil: continue
      }
    }
    config.vocabSize = extent(.wordEmbeddings, 0)
    config.embeddingSize = extent(.wordEmbeddings, 1)
    config.maxPositionEmbeddings = extent(.positionEmbeddings, 0)
    config.typeVocabSize = extent(.tokenTypeEmbeddings, 0)
    config.hiddenSize = extent(.queryBias, 0) ?? extent(.queryWeight, 1)
    config.intermediateSize = extent(.ffnBias, 0) ?? extent(.ffnWeight, 0)
    if candidate.hasBlocks && (candidate.dividesBlocks || candidate.groups == 1) {
      config.numHiddenGroups = candidate.groups
      config.innerGroupNum = candidate.innerLayers
    }
    if let (tensor, layout) = found[.queryWeight], layout == .outputHeads, tensor.shape.rank == 3 {
      config.numAttentionHeads = tensor.shape.dimensions[1]
    }
    config.numLabels = extent(.classifierBias, 0) ?? extent(.qaOutputsBias, 0)
  }

  /// The tensor from which a size was read.
  func witness(of role: ParameterRole) -> TensorDescription? { found[role]?.tensor }

  /// The extent of a parameter along an axis of its canonical shape.
  private func extent(_ role: ParameterRole, _ axis: Int) -> Int? {
    guard let (tensor, layout) = found[role],
      let canonical = layout.canonicalShape(of: tensor.shape), axis < canonical.rank
    else { return nil }
    return canonical.dimensions[axis]
  }
}
