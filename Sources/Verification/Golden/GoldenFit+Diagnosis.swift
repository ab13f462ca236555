internal import AlbertArchitecture
internal import AlbertDiagnosis
internal import AlbertTensors

extension GoldenFit {
  /// What the shapes alone say: which model or inputs the recording fits, or where else a stage was
  /// recorded; empty where every shape is the subject's.
  var diagnosis: [Diagnosis] {
    [otherModel, otherInputs, afterProjection].compactMap(\.self)
  }

  /// Whether the diagnosis of the shapes is all that can be said: the numbers of another model's
  /// stages, or of other inputs', tell nothing.
  var isForeign: Bool {
    otherInputs != nil || Self.computing.contains(where: differs)
  }

  /// The axes that the shapes of the layers' parameters depend on.
  private static let computing: [StageAxis] = [.embedding, .hidden]

  /// Whether no array has the subject's extent along an axis, where any has the axis.
  private func differs(_ axis: StageAxis) -> Bool {
    guard let found = sizes[axis] else { return false }
    if axis == .embedding && isAfterProjection { return false }
    return !found.contains(axis.extent(config, inputs))
  }

  private var otherModel: Diagnosis? {
    var differing = (Self.computing + [.heads, .vocabulary, .labels]).filter(differs).map { axis in
      (theirs: axis.described(sizes[axis] ?? []), mine: String(axis.extent(config, inputs)))
    }
    guard !differing.isEmpty else { return nil }
    if let layers = sizes.layers, layers > config.numHiddenLayers {
      differing.append(("\(layers) layers", String(config.numHiddenLayers)))
    }
    return Diagnosis(
      .otherModel,
      message: "the recorded outputs are of a model with \(Self.list(differing.map(\.theirs)))"
        + "; the subject has \(Self.list(differing.map(\.mine)))", explains: 1)
  }

  /// `a, b and c`.
  private static func list(_ parts: [String]) -> String {
    let most = parts.dropLast().joined(separator: ", ")
    return most.isEmpty ? parts.last ?? "" : "\(most) and \(parts.last ?? "")"
  }

  private var otherInputs: Diagnosis? {
    guard differs(.sequences) || differs(.tokens) else { return nil }
    func words(_ sequences: Set<Int>, _ tokens: Set<Int>) -> String {
      "\(sequences.alternatives) sequence\(sequences == [1] ? "" : "s")"
        + (tokens.isEmpty ? "" : " of \(tokens.alternatives) tokens")
    }
    return Diagnosis(
      .otherInputs,
      message: "the outputs were recorded for "
        + words(sizes[.sequences] ?? [], sizes[.tokens] ?? []) + ", the inputs hold "
        + words([inputs.sequences], [inputs.sequence])
        + "; verify with the inputs that they were recorded for", explains: 1)
  }

  private var afterProjection: Diagnosis? {
    guard isAfterProjection else { return nil }
    return Diagnosis(
      .recordedElsewhere,
      message: "'embeddings' were recorded after the projection: they are as wide as the hidden "
        + "states, \(config.hiddenSize), not \(config.embeddingSize); record them after their "
        + "LayerNorm, or name them 'hidden_states.0'", explains: 1)
  }

  /// Whether `embeddings` are as wide as the subject's hidden states, which nothing recorded denies.
  private var isAfterProjection: Bool {
    config.embeddingSize != config.hiddenSize && sizes[.embedding] == [config.hiddenSize]
      && sizes[.hidden] ?? [config.hiddenSize] == [config.hiddenSize]
  }
}

extension StageAxis {
  /// An extent in words, such as `hidden size 48`.
  fileprivate func described(_ extents: Set<Int>) -> String {
    let found = extents.alternatives
    return switch self {
    case .embedding: "embedding size \(found)"
    case .hidden: "hidden size \(found)"
    case .heads: "\(found) attention heads"
    case .vocabulary: "a vocabulary of \(found)"
    case .labels: "\(found) labels"
    case .orders: "\(found) orders of sentences"
    case .sequences, .questions: "\(found) rows"
    case .tokens, .keys: "\(found) tokens"
    case .choices: "\(found) choices"
    }
  }
}

extension Set<Int> {
  /// `48`, or `48 or 64`.
  fileprivate var alternatives: String { sorted().map(String.init).joined(separator: " or ") }
}
