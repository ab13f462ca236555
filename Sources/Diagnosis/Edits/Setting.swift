internal import AlbertArchitecture

/// Where a model has something that it computes by, such as `\.config.numAttentionHeads`.
typealias ModelPath<Value> = any WritableKeyPath<EditedModel, Value> & Sendable

/// Something besides its numbers that a model computes by, and the value that it is given.
struct Setting: Equatable, Sendable {
  private let path: any PartialKeyPath<EditedModel> & Sendable
  private let value: any Hashable & Sendable
  /// Gives it to a model.
  let apply: @Sendable (inout EditedModel) -> Void
  /// The value that a model has in its place.
  let current: @Sendable (EditedModel) -> Setting

  init<Value: Hashable & Sendable>(
    _ path: ModelPath<Value>, _ value: Value
  ) {
    self.path = path
    self.value = value
    apply = { $0[keyPath: path] = value }
    current = { Setting(path, $0[keyPath: path]) }
  }

  static func == (first: Setting, second: Setting) -> Bool {
    first.path == second.path && AnyHashable(first.value) == AnyHashable(second.value)
  }
}

/// How inputs are read.
struct InputReading: Equatable, Sendable {
  /// Whether every token counts, padding too.
  var ignoresMask = false
  /// Whether every token is of segment 0.
  var ignoresSegments = false
  /// What is added to every id, around the vocabulary's end.
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
