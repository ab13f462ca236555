internal import Albert
internal import Bytes
internal import Tensors

/// Says why a model's outputs differ from recorded ones, where nothing but outputs is known.
///
/// The forward pass is cut into steps between recorded stages. At the first step that comes out
/// wrong, every hypothesis that would first show there is tried: the step is computed as the
/// hypothesis has it, in Float32 to rule most of them out, in Float64 for what is left. One that
/// takes the error away is accepted, and with it applied the next wrong step is looked for. A step
/// that nothing explains is passed over, for the one behind it starts from recorded numbers.
struct ForwardDiagnosis {
  let trial: Trial
  let runner: TrialRunner
  let weightRoundoff: [Double]
  /// Stages that the verification found right.
  private let passed: Set<Stage>
  private let budget = SearchBudget(ForwardDiagnosis.multiplications)

  /// Multiplications in Float32 that one diagnosis may cost: some seconds on two cores.
  private static let multiplications = 800e9
  /// Explanations after which it ends.
  private static let mostExplanations = 8

  /// A diagnosis of a subject by the stages of a golden file, given the subject's own names for them.
  init(
    _ subject: any ParameterStore, _ golden: RecordedFile, _ names: [Stage: Stage],
    _ inputs: ModelInputs, weightRoundoff: [Double], stages: [StageComparison],
    _ observer: WorkObserver = WorkObserver()
  ) throws(FileError) {
    trial = Trial(subject)
    runner = TrialRunner(
      recording: try Recording(golden, names, inputs, subject.config, subject.contents),
      observer: observer)
    self.weightRoundoff = weightRoundoff
    passed = Set(stages.filter { $0.outcome == .pass && $0.engine == .reference }.map(\.stage))
      .subtracting(stages.filter { $0.outcome == .fail }.map(\.stage))
  }

  /// Tells that the search ended before everything was tried; nil where it did not.
  var incompleteness: Finding? {
    guard budget.isSpent else { return nil }
    return Finding(
      .note, code: "search-ended",
      "the search for what explains the difference ended at its limit of work",
      remedy: "record more stages, such as hidden_states.N, which narrow it down")
  }

  /// What explains the difference, most specific code first; empty where nothing does.
  func run() -> [Diagnosis] {
    var trial = trial
    var found: [Diagnosis] = []
    var state = State(done: passed)
    var explanations = 0
    while explanations < Self.mostExplanations, !runner.observer.isCancelled(),
      let (step, before, limit) = firstWrong(trial, &state)
    {
      let search = StepSearch(
        trial: trial, step: step, runner: runner, budget: budget, weightRoundoff: weightRoundoff,
        before: before, limit: limit)
      // Where the subject itself gives no numbers, nothing can be measured.
      let isFinite = before?.norm.isFinite ?? true
      if isFinite, let explanation = search.explain() {
        explanations += 1
        trial = explanation.trial
        found += explanation.diagnoses(step).filter { new in
          // A table that is read and decoded with shows twice.
          !found.contains { $0.code == new.code && $0.names(new) }
        }
        if explanation.endsStep { state.done.insert(step.target) }
        continue
      }
      state.done.insert(step.target)
      if let loss = precisionLoss(step, before) {
        if !found.contains(loss) { found.append(loss) }
        continue
      }
      if found.isEmpty, !state.sawRight, let retraining = retraining(trial, step) {
        return [retraining]
      }
      state.unexplained.formUnion(step.places)
    }
    return [Diagnosis].merging(found)
  }

  /// How far a diagnosis has come.
  private struct State {
    /// Stages that are right, explained, or given up.
    var done: Set<Stage>
    /// Parts of the model where something is wrong that nothing explains.
    var unexplained: Set<Place> = []
    /// Whether any step came out right.
    var sawRight: Bool

    init(done: Set<Stage>) {
      self.done = done
      sawRight = !done.isEmpty
    }
  }

  /// The first step that comes out wrong and was not given up.
  private func firstWrong(_ trial: Trial, _ state: inout State) -> (Step, Residual?, Double)? {
    let all = Array(0..<runner.recording.inputs.sequences)
    for step in Step.all(runner.recording, trial) where !state.done.contains(step.target) {
      // What is wrong in a part of the model shows wherever it is used.
      guard runner.recording[step.target]?.isFinite == true,
        state.unexplained.isEmpty || !step.places.isSubset(of: state.unexplained)
      else { continue }
      let (residual, allowed) = measure(trial, step, all)
      if let residual, residual.largest <= allowed {
        state.done.insert(step.target)
        state.sawRight = true
        continue
      }
      return (step, residual, allowed)
    }
    return nil
  }

  /// How wrong a step is and what is allowed, in Float32 where that decides.
  private func measure(_ trial: Trial, _ step: Step, _ all: [Int]) -> (Residual?, Double) {
    func allowed(_ engine: Engine) -> Double {
      step.allowance(runner.recording, trial.config, engine, weights: weightRoundoff)
    }
    if let fast = runner.residual(trial, step, all, .fast) {
      let limit = allowed(.fast)
      let isSingle = (runner.recording[step.target]?.roundoff ?? 0) >= Engine.fast.roundoff
      if fast.largest > 20 * limit || (isSingle && fast.largest <= limit) { return (fast, limit) }
    }
    return (runner.residual(trial, step, all, .reference), allowed(.reference))
  }
}

extension Diagnosis {
  /// Whether both name the same parameters, and at least one.
  fileprivate func names(_ other: Diagnosis) -> Bool {
    parameter != nil && parameter == other.parameter && otherParameter == other.otherParameter
  }
}
