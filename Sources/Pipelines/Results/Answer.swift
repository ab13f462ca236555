public import AlbertTokenizers

/// A part of a context that answers a question.
public struct Answer: Equatable, Sendable {
  /// The words of the context; empty where the context has no answer.
  public let text: String
  /// Where they stand in the context; nil where it has no answer.
  public let span: TextSpan?
  /// The probability that the answer begins there, times that it ends there.
  public let score: Double

  /// Whether this says that the context has no answer, as in SQuAD 2.
  public var isNone: Bool { span == nil }
}
