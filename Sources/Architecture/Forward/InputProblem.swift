package import AlbertBytes
public import AlbertTensors

/// Why inputs are not computed, with what was expected and found.
public enum InputProblem: Error, Equatable, Sendable {
  /// An input is neither [batch, sequence] nor [batch, choices, sequence], or is empty.
  case shape(input: String, found: Shape)
  /// An input has another number of values than the ids.
  case count(input: String, expected: Shape, found: Int)
  /// A shape with choices meets a model without a multiple-choice head.
  case choices(found: Shape)
  /// The sequence is longer than the model has positions.
  case sequence(found: Int, most: Int)
  /// A value is outside 0…`most`.
  case value(input: String, found: Int, most: Int, row: Int, position: Int)
  /// The forward pass needs more bytes than the machine has.
  case memory(needed: Int, available: Int)
  /// The caller gave up on the forward pass.
  case cancelled
}

extension InputProblem: CustomStringConvertible {
  /// What is wrong, without the remedy.
  public var message: String {
    switch self {
    case .shape(let input, let found):
      "\(input) has shape \(found), not [batch, sequence] or [batch, choices, sequence]"
    case .count(let input, let expected, let found):
      "\(input) has \(found) values, not the \(expected.count) of shape \(expected)"
    case .choices(let found):
      "the inputs have shape \(found), but the model has no multiple-choice head"
    case .sequence(let found, let most):
      "a sequence of \(found) tokens exceeds the model's \(most) positions"
    case .value(let input, let found, let most, let row, let position):
      "\(input) holds \(found) in row \(row) at position \(position), outside 0...\(most)"
    case .memory(let needed, let available):
      "the forward pass needs \(needed / 1_000_000) MB of memory, the machine has \(available / 1_000_000) MB"
    case .cancelled: FileError.Problem.cancelled.sentence
    }
  }

  /// What to do next.
  public var remedy: String {
    switch self {
    case .shape, .count: "save the inputs with one shape for all three arrays"
    case .choices: "give [batch, sequence]"
    case .sequence: "cut or split the sequences"
    case .value(InputName.attentionMask, _, _, _, _): "mark tokens with 1 and padding with 0"
    case .value(InputName.tokenTypeIDs, _, _, _, _): "number the segments from 0"
    case .value: "use the tokenizer that belongs to the model"
    case .memory: "give fewer or shorter sequences, or ask for fewer stages"
    case .cancelled: FileError.Problem.cancelled.usualRemedy.description
    }
  }

  /// What is wrong and what to do.
  public var description: String { "\(message); \(remedy)" }

  /// The same as an error of the file that the inputs came from.
  package func fileError(path: String) -> FileError {
    if self == .cancelled { return FileError(path, .cancelled) }
    return FileError(path, .malformed(message), remedy: Remedy(remedy))
  }
}
