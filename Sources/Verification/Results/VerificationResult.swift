public import AlbertArchitecture
internal import AlbertBytes
public import AlbertDiagnosis

/// What a verification found, for every renderer.
public struct VerificationResult: Sendable {
  /// The paths of what was compared.
  package var subject = ""
  /// The other model, where there is one.
  package var reference: String?
  /// The golden file, where there is one.
  package var golden: String?
  /// The checks that were made, in order.
  public package(set) var checks: [Check] = []
  /// Every parameter that both sides hold.
  public package(set) var weights: [WeightComparison] = []
  /// Every stage that was compared, per engine, in the order of computation.
  public package(set) var stages: [StageComparison] = []
  /// Whether both sides hold the same numbers and compute alike, so that one Float64 pass served both.
  package internal(set) var sharesPass = false
  /// The texts that it was made on, where there were any.
  package internal(set) var texts: TextSummary?
  /// How a run of the subject's own graph went, where there was one.
  package var graph: GraphOutcome?
  /// Whether the graph computes something else than was read of it, so that a comparison of what was
  /// read explains nothing.
  var isMisread = false
  /// Whether the subject was made of the reference, and so was read as that was.
  var isOfConversion = false
  /// What explains the difference, most specific first.
  public package(set) var diagnosis: [Diagnosis] = []
  /// What was noticed beside.
  public package(set) var findings: [Finding] = []

  /// Nothing checked yet, of what is named.
  package init(of subject: String = "", reference: String? = nil, golden: String? = nil) {
    self.subject = subject
    self.reference = reference
    self.golden = golden
  }

  /// Whether every check passed.
  public var passes: Bool { checks.allSatisfy { $0.outcome == .pass } }

  /// Adds what explains a difference, behind what does already.
  mutating func take(_ explained: Explained) {
    diagnosis = .merging(diagnosis, explained.diagnosis)
    findings += explained.findings
  }

  /// Takes in how a run of the subject's own graph went.
  mutating func take(_ outcome: GraphOutcome) {
    graph = outcome
    findings += outcome.notes
    checks.append(Check(.graph, Outcome(holds: outcome.holds)))
  }

  /// Adds the checks of another verification of the same subject; of a graph that was run for both the
  /// worse run counts.
  mutating func take(_ other: VerificationResult) {
    for check in other.checks {
      guard let place = checks.firstIndex(where: { $0.name == check.name }) else {
        checks.append(check)
        continue
      }
      if check.outcome == .fail { checks[place] = check }
    }
    if graph?.holds ?? true { graph = other.graph ?? graph }
  }

  /// Whether no stage fails.
  var stagesHold: Outcome { Outcome(holds: !stages.contains { $0.outcome == .fail }) }

  /// Gives a check that was made another outcome.
  mutating func set(_ name: Check.Name, _ outcome: Outcome) {
    checks = checks.map { $0.name == name ? Check(name, outcome) : $0 }
  }

  /// The first stage that fails, in the order of computation.
  ///
  /// The reference engine's word counts where it was run.
  public var firstDivergence: StageComparison? {
    stages.first { $0.engine == .reference && $0.outcome == .fail }
      ?? stages.first { $0.outcome == .fail }
  }

  /// Why the subject's own graph does not run, where all else holds.
  package var problemOfGraphAlone: String? {
    checks.contains { $0.outcome == .fail && $0.name != .graph } ? nil : graph?.problem
  }
}

/// What explains a difference, and what was noticed in looking for it.
struct Explained {
  var diagnosis: [Diagnosis] = []
  var findings: [Finding] = []
}

extension Explained {
  /// What a search found, and where it found nothing before it ended, that of `what` it did not try all.
  init(
    _ diagnosis: [Diagnosis], isComplete: Bool, of what: String, remedy: Remedy = ""
  ) {
    self.diagnosis = diagnosis
    guard diagnosis.isEmpty, !isComplete else { return }
    findings.add(
      .note, code: "search-ended",
      "the search for what explains \(what) ended at its limit of work", remedy: remedy)
  }
}

/// One kind of check and its outcome.
public struct Check: Equatable, Sendable {
  /// What is checked.
  public enum Name: String, CaseIterable, Sendable {
    /// Every parameter is accounted for on both sides.
    case coverage
    /// Parameters hold the same numbers.
    case weights
    /// The forward passes of both sides agree.
    case forward
    /// The forward pass agrees with recorded outputs.
    case golden
    /// The subject's own graph computes what its outputs should be.
    case graph
  }

  /// What was checked.
  public let name: Name
  /// Whether it holds.
  public let outcome: Outcome

  package init(_ name: Name, _ outcome: Outcome) {
    self.name = name
    self.outcome = outcome
  }
}

/// How a check or a comparison ended.
public enum Outcome: String, Sendable {
  /// It holds.
  case pass
  /// It does not.
  case fail
  /// The subject does not have what the other side holds, or the other way round.
  case notProduced = "not_produced"

  /// Pass or fail.
  init(holds: Bool) { self = holds ? .pass : .fail }
}

/// One stage, as one engine computed it, beside what was expected.
public struct StageComparison: Sendable {
  /// Which stage.
  public let stage: Stage
  /// Who computed the subject's.
  public let engine: Engine
  /// What it was compared with.
  package let side: Side
  /// How far apart the two are; nil where they were not compared.
  @Apart package private(set) var error: StageError?
  /// The largest absolute difference over real tokens, infinite where a value is not finite; nil where
  /// the two were not compared.
  public var maxAbs: Double? { error?.real.maxAbs }
  /// The norm of the difference by the norm of the expected values, over real tokens; nil where the two
  /// were not compared.
  public var relL2: Double? { error?.real.relL2 }
  /// The largest absolute difference that rounding explains.
  public internal(set) var tolerance: Double
  /// What both sides round to; nil where they were not compared.
  var rounding: Tolerance?
  /// How it ended.
  public internal(set) var outcome: Outcome
  /// Why it was not compared, such as a shape that differs.
  public package(set) var problem: String?
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

  package init(subject: [Int], expected: [Int]) {
    self.subject = subject
    self.expected = expected
  }

  /// Both shapes, the other side by its name.
  func problem(_ side: Side) -> String {
    "the subject's shape is \(subject), \(side.possessive) \(expected)"
  }
}

/// One parameter of the subject beside the reference's.
public struct WeightComparison: Sendable {
  package let parameter: Parameter
  /// Its name, that of Hugging Face's classes.
  public var name: String { parameter.name }
  /// How it ended.
  public internal(set) var outcome: Outcome
  /// Whether the bytes are the same, of the same type.
  public let bitwiseEqual: Bool
  /// The largest absolute difference; infinite where a value is not finite or the shapes differ.
  public let maxAbs: Double
  /// The norm of the difference by the norm of the reference's.
  public let relL2: Double
  /// The largest distance in units in the last place of the coarser type.
  package let ulps: Double
  /// Values that are no finite numbers, on either side.
  package var nonFinite = 0
  /// What differs beside the numbers, such as the shape.
  public package(set) var problem: String?
}
