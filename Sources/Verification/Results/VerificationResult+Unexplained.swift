internal import AlbertArchitecture
package import AlbertBytes

extension VerificationResult {
  /// What is to be said where no defect explains a failure: why a graph does not run, values that are no
  /// numbers on either side, or what was noticed of a model and can move what differs.
  ///
  /// - Parameter word: What a setting is called.
  package func unexplained(_ word: (Setting) -> String) -> [String] {
    if let problem = problemOfGraphAlone { return [problem] }
    let names = weights.filter { $0.nonFinite > 0 && $0.bitwiseEqual }.map(\.name)
    if let name = names.first {
      let more = names.count > 1 ? " (and \(names.count - 1) more)" : ""
      return [
        "both sides hold the same NaN or infinity in '\(name)'\(more): this model's values are no "
          + "numbers before anything is converted, and no copy of it can pass"
      ]
    }
    let doubts = DoubtfulReading.findings(of: self)
    guard !doubts.isEmpty else { return ["no known defect explains the difference"] }
    return doubts.map { "\($0.code) may explain the difference: \($0.sentence(word))" }
  }
}

/// What a file leaves open and was read in one of several ways, which no search for defects tries: with the
/// other one there may be no difference.
enum DoubtfulReading {
  /// What another reading moves.
  private enum Reach {
    /// Outputs of every stage.
    case outputs
    /// The weights too, and so every output.
    case weights
    /// What is computed of all tokens together.
    case pooled
    /// The scores of the vocabulary.
    case vocabulary
    /// The shape of a task head's outputs.
    case shapeOfLabels

    /// Whether it moves what differs in one stage.
    func includes(_ stage: StageComparison) -> Bool {
      switch self {
      case .outputs, .weights: true
      case .pooled: [.poolerOutput, .sopLogits, .logits].contains(stage.stage)
      case .vocabulary: stage.stage == .predictionLogits
      case .shapeOfLabels: stage.stage == .logits && stage.shapes != nil
      }
    }
  }

  /// The codes, most telling first.
  ///
  /// Another activation, epsilon, number of heads or decoder is none of these: the search finds it. A head that
  /// was guessed is none: where recorded outputs have another shape, that shape says which kind it is.
  private static let table: [(code: String, reach: Reach)] = [
    ("adapter-scale", .weights), ("adapter-beside", .weights), ("adapter-ties", .vocabulary),
    ("config-ambiguous", .outputs), ("config-may-be-bert", .outputs),
    ("decoder-missing", .vocabulary), (OtherReadings.headCode, .shapeOfLabels),
    ("config-pooling", .pooled), ("activations-quantized", .outputs),
  ]

  /// The findings that can move all that differs; none of a conversion, whose two sides were read alike.
  static func findings(of result: VerificationResult) -> [Finding] {
    guard !result.isOfConversion else { return [] }
    let failed = Set(result.checks.filter { $0.outcome == .fail }.map(\.name))
    let differing = result.stages.filter { $0.outcome == .fail }
    // Of what a graph computes otherwise than its own weights say no reading is the reason.
    guard !failed.contains(.graph), !differing.isEmpty || failed.contains(.weights) else {
      return []
    }
    return table.flatMap { code, reach in
      if failed.contains(.weights), reach != .weights { return [Finding]() }
      return differing.allSatisfy(reach.includes)
        ? result.findings.filter { $0.code == code } : []
    }
  }
}
