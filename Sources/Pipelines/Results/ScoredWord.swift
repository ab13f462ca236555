/// A word for a mask, with how likely the model holds it to be.
public struct ScoredWord: Equatable, Sendable {
  /// The word as it is written in a text.
  public let word: String
  /// Its id in the vocabulary.
  package let id: Int
  /// Its share among all words of the vocabulary.
  public let probability: Double
}

/// What belongs where a text has a mask.
public struct FilledMask: Equatable, Sendable {
  /// The mask's place among the model's tokens.
  public let position: Int
  /// The likeliest words, best first.
  public let words: [ScoredWord]
}
