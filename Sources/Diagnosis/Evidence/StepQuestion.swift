internal import AlbertArchitecture

/// One forward pass through a step, for some sequences.
struct Pass {
  var model: EditedModel
  let step: Step
  let sequences: [Int]
  var engine: Engine

  init(_ model: EditedModel, _ step: Step, _ sequences: [Int], _ engine: Engine) {
    self.model = model
    self.step = step
    self.sequences = sequences
    self.engine = engine
  }
}

/// A step that comes out otherwise than it was recorded.
final class StepQuestion {
  let model: EditedModel
  let step: Step
  let scope: Scope
  /// The step's error as it is, of all sequences; nil where the shapes differ.
  let before: Residual?
  /// What is allowed of that error, by the engine that measured it.
  let limit: Double
  /// The sequences that are looked at first.
  let sequences: [Int]
  /// Their error; infinite where it is not known.
  let present: Double
  /// The pass through the step as it is: of all sequences, and of those that are looked at first.
  let whole: Pass
  let probed: Pass
  /// The candidates that were tried alone, and what each leaves of the error, least first.
  var tried: [Candidate] = []

  init(
    _ model: EditedModel, _ step: Step, _ golden: GoldenOutputs, before: Residual?, limit: Double
  ) {
    self.model = model
    self.step = step
    self.before = before
    self.limit = limit
    scope = Scope(model: model, focus: .step(step, golden))
    let all = Array(0..<golden.inputs.sequences)
    sequences = golden.deciding(before?.failing(limit) ?? all, for: step.target)
    present = before?.error(of: sequences) ?? .infinity
    whole = Pass(model, step, all, .reference)
    probed = Pass(model, step, sequences, .reference)
  }

  /// Numbers that are looked at first.
  var numbers: Int {
    before.map { $0.count / max(1, $0.rows.count) * sequences.count } ?? Policy.directions
  }
}

extension GoldenOutputs {
  /// Of sequences that fail the simplest, as many as give enough numbers to decide.
  fileprivate func deciding(_ failing: [Int], for target: Stage) -> [Int] {
    func weight(_ row: Int) -> (Int, Int, Int) {
      (inputs.hasPadding(row) ? 1 : 0, inputs.hasSegments(row) ? 1 : 0, inputs.realTokens(row))
    }
    guard let entry = self[target], !failing.isEmpty else { return [] }
    let perSequence = max(1, entry.values.count / inputs.sequences)
    let enough = max(1, (Policy.decidingNumbers - 1 + perSequence) / perSequence)
    return failing.ordered { weight($0) < weight($1) }
      .prefix(min(enough, Policy.decidingSequences)).sorted()
  }
}

/// One defect that may explain a step, or two together.
struct Candidate {
  /// What speaks for it.
  enum Basis {
    /// Nothing yet: it is known to happen.
    case listed
    /// Two, of which the first leaves so much of the error alone.
    case pair(first: Double)
    /// Recorded numbers show it.
    case read
    /// It was fitted to some numbers, in a choice of some.
    case fitted(numbers: Int, tried: Int)
    /// It does what rounding does, whose errors no other defect has: they need not vanish altogether, since a
    /// number that is rounded the other way changes what comes behind.
    case rounded
    /// It explains a share, and cannot be computed.
    case final(share: Double)
  }

  let defects: [Defect]
  let basis: Basis
  /// What it leaves of the error of the sequences that are looked at first: the root mean square.
  var error = Double.infinity

  static func read(_ defect: Defect) -> Candidate { Candidate(defects: [defect], basis: .read) }

  static func fitted(_ defect: Defect, numbers: Int, tried: Int) -> Candidate {
    Candidate(defects: [defect], basis: .fitted(numbers: numbers, tried: tried))
  }

  static func final(_ defect: Defect, share: Double) -> Candidate {
    Candidate(defects: [defect], basis: .final(share: share))
  }

  var edits: [Edit] { defects.flatMap(\.edits) }
  var regions: Set<ModelRegion> {
    defects.reduce(into: []) { $0.formUnion($1.regions) }
  }
  var ranks: [Int] { defects.map(\.rank) }
  /// Whether it says which weights the layers use, which is nothing of one alone.
  var changesLayers: Bool {
    defects.contains { [LayerCount.code, GroupMap.code].contains($0.code) }
  }
}

/// Defects that make a step come out as it was recorded.
struct Explanation {
  let diagnoses: [Diagnosis]
  /// The model with them.
  let model: EditedModel
  /// Whether nothing more can be said of the step, since the defect cannot be computed.
  var endsStep = false
  /// Whether every sequence comes out right.
  var isWhole = false
}
