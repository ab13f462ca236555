package import AlbertArchitecture
internal import AlbertTensors

/// A model and what another one like it computed: nothing but outputs is known.
///
/// The forward pass is cut into steps between recorded stages. At the first step that comes out
/// wrong, every defect that would first show there is tried: the step is computed with it, in Float32
/// to rule most of them out, in Float64 for what is left. One that takes the error away is accepted,
/// and with it applied the next wrong step is looked for. A step that nothing explains is passed
/// over, for the one behind it starts from recorded numbers. It serves one search.
package final class OutputEvidence: Evidence {
  let golden: GoldenOutputs
  /// The forward passes, every one of which is paid for.
  let passes: ForwardPasses
  /// The unit roundoff of the types to which weights may have been rounded.
  let weightRoundoff: [Double]
  /// The numbers that the other side's single layers are known to take in the place of shared parameters: a
  /// parameter's group is its layer.
  let strays: [Parameter: [Double]]
  /// The config by which layers share, where each layer of the model has a group of its own instead.
  let sharing: AlbertConfig?
  private let subject: EditedModel
  /// The subject with what was found.
  private var model: EditedModel
  private(set) var found: [Diagnosis] = []
  /// Whether any step came out right.
  private(set) var sawRight: Bool
  /// Stages that are right, explained, or given up.
  private var done: Set<Stage>
  /// Parts of the model where something is wrong that nothing explains.
  private var unexplained: Set<ModelRegion> = []
  private var explanations = 0
  private var isFinal = false

  /// A model and recorded outputs, of which `passed` were found right.
  package init(
    _ subject: any ParameterStore, _ golden: GoldenOutputs, weightRoundoff: [Double] = [],
    strays: [Parameter: [Double]] = [:], sharing: AlbertConfig? = nil,
    passed: Set<Stage> = [], isCancelled: @escaping @Sendable () -> Bool = { false }
  ) {
    let subject = EditedModel(subject)
    self.golden = golden
    self.weightRoundoff = weightRoundoff
    self.strays = strays
    self.sharing = sharing
    self.subject = subject
    passes = ForwardPasses(golden, subject, isCancelled)
    model = subject
    done = passed
    sawRight = !passed.isEmpty
  }

  /// What explains the difference, most specific code first, and whether the search ended before
  /// everything was tried.
  package func diagnose() -> (diagnoses: [Diagnosis], isComplete: Bool) {
    let passed = done
    let diagnoses = Search.run(self)
    // What no weights that layers share explain may be so of one layer's; a graph's own were read.
    let config = subject.config
    guard diagnoses.isEmpty, !passes.budget.isSpent, golden.side == .golden, sharing == nil,
      Double(config.numHiddenLayers) * config.multiplicationsPerToken <= Policy.separateLayers,
      let layered = subject.withoutSharing
    else { return (diagnoses, !passes.budget.isSpent) }
    return OutputEvidence(
      layered, golden, weightRoundoff: weightRoundoff, sharing: config, passed: passed,
      isCancelled: passes.isCancelled
    ).diagnose()
  }

  var conclusion: [Diagnosis] { passes.isCancelled() ? [] : found.inOrder }

  /// What the subject's matrices were rounded to, for which all of them are read.
  private lazy var hiddenRounding = HiddenRounding(subject)

  /// What the subject's matrices were rounded to, where a step is off by no more than that may cause.
  func rounding(explaining question: StepQuestion) -> HiddenRounding? {
    guard let before = question.before, let rounding = hiddenRounding,
      // Truncation costs twice as much as rounding.
      before.largest
        <= allowed(
          question.step, .reference, question.model.config, weights: [2 * rounding.roundoff])
    else { return nil }
    return rounding
  }

  /// Whether a step uses no part of the model in which something is wrong that nothing explains.
  func isKnown(_ step: Step) -> Bool { unexplained.isDisjoint(with: step.regions) }

  /// Whether nothing is wrong in a part of the model that nothing explains.
  func isKnown(_ region: ModelRegion) -> Bool { !unexplained.contains(region) }

  /// What may remain of a step's error by rounding.
  func allowed(
    _ step: Step, _ engine: Engine, _ config: AlbertConfig, weights: [Double] = []
  ) -> Double {
    step.allowance(
      golden, config, engine, weights: weightRoundoff + weights + [model.products.roundoff])
  }

  /// Whether a step of a model comes out right on every sequence; nil where it cannot be computed.
  func isRight(_ model: EditedModel, _ step: Step) -> Bool? {
    let all = Array(0..<golden.inputs.sequences)
    return passes.residual(Pass(model, step, all, .reference), .confirmation).map {
      $0.largest <= allowed(step, .reference, model.config)
    }
  }

  /// The first step that comes out wrong and was not given up.
  func nextQuestion() -> StepQuestion? {
    guard explanations < Policy.explanations, !isFinal else { return nil }
    for step in Step.all(golden, model) where !done.contains(step.target) {
      // What is wrong in a part of the model shows wherever it is used.
      guard golden[step.target]?.isFinite == true,
        unexplained.isEmpty || !step.regions.isSubset(of: unexplained)
      else { continue }
      let (before, limit) = measure(step)
      guard passes.canConfirm else { return nil }
      if let before, before.largest <= limit {
        done.insert(step.target)
        sawRight = true
        continue
      }
      return StepQuestion(model, step, golden, before: before, limit: limit)
    }
    return nil
  }

  /// How wrong a step is and what is allowed, in Float32 where that decides.
  private func measure(_ step: Step) -> (Residual?, Double) {
    var pass = Pass(model, step, Array(0..<golden.inputs.sequences), .fast)
    if let fast = passes.residual(pass, .confirmation) {
      let limit = allowed(step, .fast, model.config)
      let isSingle = (golden[step.target]?.roundoff ?? 0) >= Engine.fast.roundoff
      if fast.largest > Policy.clearlyWrong * limit || (isSingle && fast.largest <= limit) {
        return (fast, limit)
      }
    }
    pass.engine = .reference
    return (passes.residual(pass, .confirmation), allowed(step, .reference, model.config))
  }

  func close(_ question: StepQuestion, with answer: Explanation?) {
    if let answer {
      explanations += 1
      model = answer.model
      // A table that is read and decoded with shows twice.
      found += answer.diagnoses.filter { new in
        !found.contains { $0.code == new.code && $0.parameter != nil && $0.names(new) }
      }
      if answer.endsStep { done.insert(question.step.target) }
      return
    }
    done.insert(question.step.target)
    for kind in DefectCatalogue.kinds {
      guard let verdict = kind.verdict(on: question, in: self) else { continue }
      if !found.contains(verdict.diagnosis) { found.append(verdict.diagnosis) }
      isFinal = verdict.isFinal
      return
    }
    unexplained.formUnion(question.step.regions)
  }
}
