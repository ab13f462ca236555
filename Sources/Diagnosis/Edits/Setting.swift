internal import AlbertArchitecture

/// Something that a config says of the computation.
enum Setting: Equatable, Sendable {
  case heads(Int)
  case activation(Activation)
  /// The activation of the masked-LM head, where it is another one than the encoder's.
  case mlmActivation(Activation?)
  case epsilon(Double)
  case mlmEpsilon(Double)
  /// The number of layers and the group of each.
  case layers(LayerMap)
  case groups(Int)
  case innerLayers(Int)
  case vocabulary(Int)
  /// Whether the decoder is a matrix of its own; it begins with the word embeddings' numbers.
  case ownDecoder(Bool)

  /// What a model says in its place.
  func current(in model: EditedModel) -> Setting {
    switch self {
    case .heads: .heads(model.config.numAttentionHeads)
    case .activation: .activation(model.config.hiddenAct)
    case .mlmActivation: .mlmActivation(model.mlmActivation)
    case .epsilon: .epsilon(model.config.layerNormEps)
    case .mlmEpsilon: .mlmEpsilon(model.config.mlmLayerNormEps)
    case .layers: .layers(model.config.layerMap)
    case .groups: .groups(model.config.numHiddenGroups)
    case .innerLayers: .innerLayers(model.config.innerGroupNum)
    case .vocabulary: .vocabulary(model.config.vocabSize)
    case .ownDecoder: .ownDecoder(model.contents.untiedDecoder)
    }
  }
}

/// A way of reading the inputs.
enum Reading: Equatable, Sendable {
  /// Whether every token counts, padding too.
  case ignoresMask(Bool)
  /// Whether every token is of segment 0.
  case ignoresSegments(Bool)
  /// What is added to every id, around the vocabulary's end.
  case idOffset(Int)

  /// How a model reads them.
  func current(in model: EditedModel) -> Reading {
    switch self {
    case .ignoresMask: .ignoresMask(model.reading.ignoresMask)
    case .ignoresSegments: .ignoresSegments(model.reading.ignoresSegments)
    case .idOffset: .idOffset(model.reading.idOffset)
    }
  }
}

/// All that is said of how inputs are read.
struct InputReading: Equatable {
  var ignoresMask = false
  var ignoresSegments = false
  var idOffset = 0

  /// The inputs as they are read.
  func callAsFunction(_ inputs: ModelInputs, vocabulary: Int) throws(InputProblem) -> ModelInputs {
    if self == InputReading() { return inputs }
    return try ModelInputs(
      inputIDs: inputs.inputIDs.map {
        (($0 + idOffset) % vocabulary + vocabulary) % vocabulary
      },
      shape: inputs.shape, attentionMask: ignoresMask ? nil : inputs.attentionMask,
      tokenTypeIDs: ignoresSegments ? nil : inputs.tokenTypeIDs)
  }
}
