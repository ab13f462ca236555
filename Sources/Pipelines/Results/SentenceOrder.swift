/// Whether two texts stand in their order, as the sentence-order head sees it.
public struct SentenceOrder: Equatable, Sendable {
  /// The probability that the second text follows the first.
  public let inOrder: Double
  /// The probability that they were exchanged.
  package var swapped: Double { 1 - inOrder }
}
