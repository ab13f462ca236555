/// A task head beside those of pre-training, by the name that reports use.
public enum TaskHead: String, CaseIterable, Sendable {
  /// One label for each sequence, over the pooler.
  case sequenceClassification = "sequence_classification"
  /// One label for each token.
  case tokenClassification = "token_classification"
  /// The first and last token of an answer.
  case questionAnswering = "question_answering"
  /// One score for each choice, over the pooler.
  case multipleChoice = "multiple_choice"

  /// Whether Hugging Face's class of the head has a pooler.
  package var usesPooler: Bool {
    switch self {
    case .sequenceClassification, .multipleChoice: true
    case .tokenClassification, .questionAnswering: false
    }
  }

  /// The number of labels, where the task itself fixes it: start and end, or the choice's score.
  package var onlyLabelCount: Int? {
    switch self {
    case .sequenceClassification, .tokenClassification: nil
    case .questionAnswering: 2
    case .multipleChoice: 1
    }
  }

  /// Hugging Face's class name.
  package var architecture: String {
    switch self {
    case .sequenceClassification: "AlbertForSequenceClassification"
    case .tokenClassification: "AlbertForTokenClassification"
    case .questionAnswering: "AlbertForQuestionAnswering"
    case .multipleChoice: "AlbertForMultipleChoice"
    }
  }
}
