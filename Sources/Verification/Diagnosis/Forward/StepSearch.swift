internal import Albert

/// Looks for what explains one step that comes out otherwise than it was recorded.
struct StepSearch {
  let trial: Trial
  let step: Step
  let runner: TrialRunner
  let budget: SearchBudget
  let weightRoundoff: [Double]
  /// The step's error as it is, of all sequences; nil where the shapes differ.
  let before: Residual?
  /// What is allowed of that error, by the engine that measured it.
  let limit: Double

  var recording: Recording { runner.recording }
  var scope: HypothesisScope {
    HypothesisScope(trial: trial, step: step, recording: recording)
  }

  /// What a hypothesis leaves of the error on the sequences that are looked at first.
  struct Candidate {
    let hypothesis: Hypothesis
    /// The root mean square.
    let error: Double
  }

  /// What may remain by rounding.
  func allowed(_ engine: Engine, _ config: AlbertConfig? = nil) -> Double {
    step.allowance(recording, config ?? trial.config, engine, weights: weightRoundoff)
  }

  /// Sequences that fail, the simplest first, as many as give enough numbers to decide.
  var probes: [Int] {
    let inputs = recording.inputs
    let failing =
      before?.failing(limit) ?? Array(0..<inputs.sequences)
    let sorted = failing.sorted { one, two in
      let a = (inputs.hasPadding(one) ? 1 : 0, inputs.hasSegments(one) ? 1 : 0)
      let b = (inputs.hasPadding(two) ? 1 : 0, inputs.hasSegments(two) ? 1 : 0)
      return a == b ? inputs.realTokens(one) < inputs.realTokens(two) : a < b
    }
    guard let entry = recording[step.target], !sorted.isEmpty else { return [] }
    let perSequence = entry.values.count / inputs.sequences
    let enough = min(sorted.count, max(1, (127 + perSequence) / max(1, perSequence)), 32)
    return sorted.prefix(enough).sorted()
  }

  /// The root mean square error under a trial; nil where it cannot be computed or costs too much.
  func error(_ trial: Trial, _ sequences: [Int], _ engine: Engine) -> (
    error: Double, largest: Double
  )? {
    let layers =
      Double(max(1, trial.config.numHiddenLayers))
      / Double(max(1, self.trial.config.numHiddenLayers))
    let cost =
      step.cost(trial.config) * layers * Double(sequences.count * recording.inputs.sequence)
    guard budget.spend(cost, engine) else { return nil }
    let isWide =
      engine == .fast && step.target == .predictionLogits && trial.config.vocabSize > 4096
    guard
      let residual = runner.residual(trial, step, sequences, engine, stride: isWide ? 61 : 1),
      residual.count > 0
    else { return nil }
    return (residual.norm / Double(residual.count).squareRoot(), residual.largest)
  }

  /// The step's outcome under a trial; nil where it cannot be computed or costs too much.
  func values(_ trial: Trial, _ sequences: [Int], _ engine: Engine) -> [Double]? {
    let cost = step.cost(trial.config) * Double(sequences.count * recording.inputs.sequence)
    guard budget.spend(cost, engine) else { return nil }
    return engine == .fast
      ? runner.fastValues(trial, step.target, from: step.start, sequences)?.values.map(Double.init)
      : runner.values(trial, step.target, from: step.start, sequences)?.values
  }

  /// What explains the step, by the one hypothesis or the two that leave least of the error.
  func explain() -> Explanation? {
    let sequences = probes
    guard !sequences.isEmpty else { return nil }
    if before?.isSparse(limit, step.target) == true { return vocabularyColumns() }
    let present = before?.error(of: sequences) ?? .infinity
    // Rounded weights are tried only where the error is as small as theirs.
    let isSmall = present < 0.1 * (recording[step.target]?.scale ?? 0)
    let hypotheses = scope.hypotheses.filter { isSmall || $0.code != .precisionLoss }
    let tried =
      isCostly(hypotheses.count, sequences)
      ? screenLikely(hypotheses, present, sequences) : screen(hypotheses, trial, sequences)
    return single(tried, present, sequences, count: hypotheses.count)
      ?? headOrder(present, sequences)
      ?? embeddingRows()
      ?? vocabularyColumns()
      ?? zeroBias(sequences)
      ?? untiedDecoder()
      ?? scaled(present, sequences)
      ?? pair(tried, hypotheses, present, sequences)
  }

  /// Every hypothesis with what the fast engine says that it leaves, least first.
  func screen(_ hypotheses: [Hypothesis], _ trial: Trial, _ sequences: [Int]) -> [Candidate] {
    var trial = trial
    trial.tried = step.places
    return hypotheses.compactMap { hypothesis in
      error(hypothesis(trial), sequences, .fast).map {
        Candidate(hypothesis: hypothesis, error: $0.error)
      }
    }
    .enumerated().sorted { ($0.element.error, $0.offset) < ($1.element.error, $1.offset) }
    .map(\.element)
  }

  /// Whether the step costs too much for everything to be tried.
  private func isCostly(_ count: Int, _ sequences: [Int]) -> Bool {
    let tokens = Double(sequences.count * recording.inputs.sequence)
    return Double(count) * step.cost(trial.config) * tokens > budget.left / 2
  }

  /// The same, what happens most first, until one takes the error away.
  private func screenLikely(
    _ hypotheses: [Hypothesis], _ present: Double, _ sequences: [Int]
  ) -> [Candidate] {
    let likely: [Diagnosis.Code] = [
      .activation, .maskIgnored, .segmentsIgnored, .transposed, .positionOffset, .groupMap,
      .swapped,
      .layerNormEpsilon, .headCount, .permutedHeads,
    ]
    let sorted =
      likely.flatMap { code in hypotheses.filter { $0.code == code } }
      + hypotheses.filter { !likely.contains($0.code) }
    var tried: [Candidate] = []
    for hypothesis in sorted {
      tried += screen([hypothesis], trial, sequences)
      if let last = tried.last, !plausible([last], present).isEmpty { break }
    }
    return tried.sorted { $0.error < $1.error }
  }

  /// Candidates that rounding in Float32 does not rule out.
  func plausible(_ candidates: [Candidate], _ present: Double) -> [Candidate] {
    // What is allowed for the largest error is several times the root mean square.
    let noise = allowed(.fast) / 3
    let most = (present.isFinite ? 1.2 * Evidence.remainder * present : 0) + noise
    return Array(candidates.filter { $0.error <= most }.prefix(40))
  }

  private func single(
    _ tried: [Candidate], _ present: Double, _ sequences: [Int], count: Int
  ) -> Explanation? {
    var exact: [(hypothesis: Hypothesis, error: Double, isExplained: Bool)] = []
    var start = trial
    start.tried = step.places
    for candidate in plausible(tried, present) {
      let trial = candidate.hypothesis(start)
      guard let found = error(trial, sequences, .reference) else { continue }
      exact.append(
        (candidate.hypothesis, found.error, found.largest <= allowed(.reference, trial.config)))
    }
    let numbers = before.map { $0.count / max(1, $0.rows.count) * sequences.count } ?? 24
    let deciding = exact.filter {
      Evidence.decides(
        before: present, after: $0.error, isExplained: $0.isExplained, count: numbers, tried: count)
    }
    let choices = byOtherSteps(
      inOrder(deciding.map { Candidate(hypothesis: $0.hypothesis, error: $0.error) }))
    for choice in choices {
      if let explanation = accept([choice], others: choices) { return explanation }
    }
    return nil
  }

  /// What the recorded numbers cannot tell from the best, most specific code first.
  func inOrder(_ deciding: [Candidate]) -> [Hypothesis] {
    guard let least = deciding.map(\.error).min() else { return [] }
    // Roundings of either side: what is allowed for the largest error is several times this.
    let floor = allowed(.reference) / 8
    let equal = deciding.filter { $0.error <= max(2 * least, floor) }
    let byCode = Dictionary(grouping: equal) { $0.hypothesis.code }
    return Diagnosis.Code.allCases.flatMap { code -> [Hypothesis] in
      let own = byCode[code] ?? []
      let best = own.map(\.error).min() ?? 0
      return own.filter { $0.error <= 2 * best + floor * 1e-3 }.map(\.hypothesis)
        .sorted { $0.rank < $1.rank }
    }
  }

  /// Hypotheses about one thing that the step alone does not tell apart, such as the groups of later
  /// layers, in the order of what they leave of the error in the steps behind.
  private func byOtherSteps(_ choices: [Hypothesis]) -> [Hypothesis] {
    guard let first = choices.first, first.parameter == nil else { return choices }
    let same = choices.filter { $0.parameter == nil }
    guard same.count > 1 else { return choices }
    let all = Array(0..<recording.inputs.sequences)
    let steps = Step.all(recording, trial).drop { $0.target != step.target }.dropFirst()
    func wrong(_ hypothesis: Hypothesis) -> Int {
      let changed = hypothesis(trial)
      return steps.count { other in
        guard let residual = runner.residual(changed, other, all, .fast) else { return true }
        return residual.largest
          > 3 * other.allowance(recording, changed.config, .fast, weights: weightRoundoff)
      }
    }
    let counted = same.map { (hypothesis: $0, wrong: wrong($0)) }
    let least = counted.map(\.wrong).min() ?? 0
    return counted.filter { $0.wrong == least }.map(\.hypothesis)
      + choices.filter { $0.parameter != nil }
  }

  /// Applies what was found, and measures it on every sequence.
  ///
  /// Refuses what turns another recorded step wrong that comes out right without it.
  func accept(_ chosen: [Hypothesis], others: [Hypothesis] = []) -> Explanation? {
    let changed = chosen.reduce(trial) { $1($0) }
    guard isConsistent(changed, chosen) else { return nil }
    let all = Array(0..<recording.inputs.sequences)
    guard let after = runner.residual(changed, step, all, .reference), after.norm.isFinite
    else { return nil }
    let right = Set(all).subtracting(after.failing(allowed(.reference, changed.config)))
    let mended = (before?.failing(limit) ?? all).filter(right.contains)
    // What makes some sequences right altogether is measured by those.
    let measured = mended.isEmpty ? all : mended
    let parts = chosen.map { hypothesis in
      let rest = chosen.filter { $0.rank != hypothesis.rank }
      let without =
        rest.isEmpty
        ? before : runner.residual(rest.reduce(trial) { $1($0) }, step, all, .reference)
      let share = without.map { without in
        let error = without.error(of: measured)
        return error > 0 && error.isFinite ? 1 - after.error(of: measured) / error : 1
      }
      return Explanation.Part(
        hypothesis: hypothesis.mentioning(others, in: trial.config), share: share ?? 1)
    }
    guard parts.allSatisfy({ $0.share > 0.3 }) else { return nil }
    return Explanation(parts: parts, trial: changed)
  }

  private func isConsistent(_ changed: Trial, _ chosen: [Hypothesis]) -> Bool {
    let places = chosen.reduce(into: Set<Place>()) { $0.formUnion($1.places) }
    let steps = Step.all(recording, trial)
    let index = steps.firstIndex { $0.target == step.target } ?? 0
    let earlier = steps[..<index].filter { !$0.places.isDisjoint(with: places) }
    let later = steps.dropFirst(index + 1).filter { !$0.places.isDisjoint(with: places) }
    // Layers share their weights: the next one and the heads tell enough.
    let layers = later.filter { $0.target.layersBefore(trial.config) != nil }.prefix(1)
    let heads = later.filter { $0.layers.isEmpty }
    for other in Array(earlier.suffix(2)) + layers + heads {
      guard fails(changed, other), !fails(trial, other) else { continue }
      return false
    }
    return true
  }

  /// Whether a step comes out wrong on some sequence.
  private func fails(_ trial: Trial, _ step: Step) -> Bool {
    let all = Array(0..<recording.inputs.sequences)
    guard let residual = runner.residual(trial, step, all, .reference) else { return true }
    return residual.largest
      > step.allowance(recording, trial.config, .reference, weights: weightRoundoff)
  }
}
