package import AlbertArchitecture
package import AlbertDiagnosis

/// What a verification found, for every renderer.
package struct VerificationResult: Sendable {
  /// The paths of what was compared.
  package var subject = ""
  /// The other model, where there is one.
  package var reference: String?
  /// The golden file, where there is one.
  package var golden: String?
  /// The checks that were made, in order.
  package var checks: [Check] = []
  /// Every parameter that both sides hold.
  package var weights: [WeightComparison] = []
  /// Every stage that was compared, per engine, in the order of computation.
  package var stages: [StageComparison] = []
  /// What explains the difference, most specific first.
  package var diagnosis: [Diagnosis] = []
  /// What was noticed beside.
  package var findings: [Finding] = []

  /// Nothing checked yet.
  package init() {}

  /// Whether every check passed.
  package var passes: Bool { checks.allSatisfy { $0.outcome == .pass } }

  /// The first stage that fails, in the order of computation.
  ///
  /// The reference engine's word counts where it was run.
  package var firstDivergence: StageComparison? {
    stages.first { $0.engine == .reference && $0.outcome == .fail }
      ?? stages.first { $0.outcome == .fail }
  }
}

/// One kind of check and its outcome.
package struct Check: Equatable, Sendable {
  /// What is checked.
  package enum Name: String, CaseIterable, Sendable {
    /// Every parameter is accounted for on both sides.
    case coverage
    /// Parameters hold the same numbers.
    case weights
    /// The forward passes of both sides agree.
    case forward
    /// The forward pass agrees with recorded outputs.
    case golden
  }

  /// What was checked.
  package let name: Name
  /// Whether it holds.
  package let outcome: Outcome

  /// States a check.
  package init(_ name: Name, _ outcome: Outcome) {
    self.name = name
    self.outcome = outcome
  }
}

/// How a check or a comparison ended.
package enum Outcome: String, Sendable {
  case pass
  case fail
  /// The subject does not have what the other side holds, or the other way round.
  case notProduced = "not_produced"

  /// Pass or fail.
  init(holds: Bool) { self = holds ? .pass : .fail }
}

/// One stage, as one engine computed it, beside what was expected.
package struct StageComparison: Sendable {
  /// What the stage was compared with.
  package enum Side: String, Sendable {
    case reference
    case golden

    /// What it is called in sentences.
    var words: String {
      switch self {
      case .reference: "reference"
      case .golden: "golden file"
      }
    }
  }

  /// Which stage.
  package let stage: Stage
  /// Who computed the subject's.
  package let engine: Engine
  /// What it was compared with.
  package let side: Side
  /// How far apart the two are; nil where they were not compared.
  package let error: StageError?
  /// The largest absolute difference that rounding explains.
  package internal(set) var tolerance: Double
  /// How it ended.
  package internal(set) var outcome: Outcome
  /// Why it was not compared, such as a shape that differs.
  package var problem: String?
  /// The two shapes, where they differ.
  package var shapes: ShapeMismatch?
  /// Which of several inputs it was, counted from 0.
  package var probe = 0
}

/// Two shapes of one stage that should be equal.
package struct ShapeMismatch: Equatable, Sendable {
  /// What the subject computes.
  package let subject: [Int]
  /// What the other side holds.
  package let expected: [Int]

  /// States two shapes.
  package init(subject: [Int], expected: [Int]) {
    self.subject = subject
    self.expected = expected
  }

  /// Both shapes, the other side by its name.
  func problem(_ side: StageComparison.Side) -> String {
    "the subject's shape is \(subject), the \(side.words)'s \(expected)"
  }
}

/// One parameter of the subject beside the reference's.
package struct WeightComparison: Sendable {
  /// The parameter.
  package let parameter: Parameter
  /// How it ended.
  package internal(set) var outcome: Outcome
  /// Whether the bytes are the same, of the same type.
  package let bitwiseEqual: Bool
  /// The largest absolute difference; infinite where a value is not finite or the shapes differ.
  package let maxAbs: Double
  /// The norm of the difference by the norm of the reference's.
  package let relL2: Double
  /// The largest distance in units in the last place of the coarser type.
  package let ulps: Double
  /// Values that are no finite numbers, on either side.
  package var nonFinite = 0
  /// What differs beside the numbers, such as the shape.
  package var problem: String?
}
