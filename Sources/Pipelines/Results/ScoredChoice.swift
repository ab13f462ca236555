/// One answer of several, with how likely the model holds it to be the right one.
public struct ScoredChoice: Equatable, Sendable {
  /// The choice's place among those that were given.
  package let index: Int
  /// The choice as it was given.
  public let choice: String
  /// Its share among the choices.
  public let probability: Double
}
