/// What a model says of one text, head by head.
public struct TextReading: Equatable, Sendable {
  /// What one head says.
  public enum Result: Equatable, Sendable {
    /// The masked-LM head, of every mask.
    case masks([FilledMask])
    /// The sentence-order head, of a text and its pair.
    case order(SentenceOrder)
    /// A sequence classifier: all classes, the likeliest first.
    case labels([ScoredLabel], LabelScoring)
    /// A token classifier.
    case tokens(LabelledText)
    /// A question-answering head: the best answers, and the probability that there is none.
    case answers([Answer], noAnswer: Double)
    /// A multiple-choice head, the likeliest first.
    case choices([ScoredChoice])
    /// The encoder itself: the text as a vector.
    case embedding([Float])
  }

  /// The text; of a question its context.
  public let text: String
  /// The second text; of multiple choice nil, since there are several.
  public let pair: String?
  /// The question, where there is one.
  public let question: String?
  /// How many tokens the model saw, special ones included.
  public let tokens: Int
  /// How many more the text has, which exceeded the model's positions and were cut off.
  public let cut: Int
  /// What the heads say, in the order of the model's parts.
  public let results: [Result]
}

extension TextReading {
  /// The text's vector; empty where none was asked for.
  package var vector: [Float] {
    for case .embedding(let vector) in results { return vector }
    return []
  }
}
