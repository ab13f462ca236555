/// What a model says of one text, head by head.
package struct TextReading: Equatable, Sendable {
  /// What one head says.
  package enum Result: Equatable, Sendable {
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
  package let text: String
  /// The second text; of multiple choice nil, since there are several.
  package let pair: String?
  /// The question, where there is one.
  package let question: String?
  /// How many tokens the model saw, special ones included.
  package let tokens: Int
  /// How many more the text has, which exceeded the model's positions and were cut off.
  package let cut: Int
  /// What the heads say, in the order of the model's parts.
  package let results: [Result]
}

extension TextReading {
  /// The text's vector; empty where none was asked for.
  package var vector: [Float] {
    for case .embedding(let vector) in results { return vector }
    return []
  }
}
