internal import AlbertArchitecture

/// The scores of classes as what the config says they mean.
struct Classification {
  /// What the scores mean.
  let scoring: LabelScoring
  /// The names of the classes.
  let labels: ClassNames

  /// The meaning of a sequence classifier's scores: `problem_type` decides, without one the number of
  /// classes, as transformers' pipelines have it.
  init(_ config: AlbertConfig) {
    labels = ClassNames(config)
    scoring =
      switch config.passthrough.problemType {
      case "regression": .regression
      case "multi_label_classification": .sigmoid
      case "single_label_classification" where config.numLabels > 1: .softmax
      default: config.numLabels == 1 ? .sigmoid : .softmax
      }
  }

  /// All classes, the likeliest first.
  func classify(_ logits: ArraySlice<Float>) -> [ScoredLabel] {
    let scores =
      switch scoring {
      case .softmax: Distribution.softmax(logits)
      case .sigmoid: logits.map(Distribution.sigmoid)
      case .regression: logits.map(Double.init)
      }
    return Distribution.best(scores.count, of: scores).map {
      ScoredLabel(
        label: labels[$0], score: scores[$0], logit: Double(logits[logits.startIndex + $0]))
    }
  }
}

/// What the classes of a head are called.
struct ClassNames {
  private let names: [String]

  init(_ config: AlbertConfig) {
    names = config.passthrough.id2label ?? []
  }

  /// The name of a class, as transformers calls it where the config does not.
  subscript(index: Int) -> String { index < names.count ? names[index] : "LABEL_\(index)" }
}
