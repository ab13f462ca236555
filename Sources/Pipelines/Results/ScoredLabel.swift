/// A class, with how likely the model holds it to be.
public struct ScoredLabel: Equatable, Sendable {
  /// What the config calls the class, `LABEL_N` where it names none.
  public let label: String
  /// Its probability; for a regression the value itself.
  public let score: Double
  /// What the head computed.
  package let logit: Double
}

/// What the scores of a classification mean.
package enum LabelScoring: String, Equatable, Sendable {
  /// Exactly one class holds: the probabilities of all sum up to 1.
  case softmax
  /// Each class holds or not, whatever the others do.
  case sigmoid
  /// The head computes a value, and no probability.
  case regression
}
