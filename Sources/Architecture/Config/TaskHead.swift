/// A task head beside those of pre-training, by the name that reports use.
package enum TaskHead: String, CaseIterable, Sendable {
  case sequenceClassification = "sequence_classification"
  case tokenClassification = "token_classification"
  case questionAnswering = "question_answering"
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
