internal import AlbertArchitecture
internal import AlbertDiagnosis
package import AlbertBytes
package import AlbertConversion
internal import AlbertReading
internal import AlbertTensors

extension Verification {
  /// Holds a model against another: what both contain, number by number, and what both compute.
  ///
  /// Of a conversion without a look at decoders that are not used, which were decided about, and at
  /// tokenizers, which it takes along as they are. Throws where the inputs do not fit the models, and
  /// `cancelled` where an observer gives up.
  package static func verify(
    _ subject: LoadedModel, against reference: LoadedModel, _ options: Options = Options(),
    observers: VerificationPhase.Observers = { _ in WorkObserver() },
    on probes: ProbeSet = .full, isConversion: Bool = false
  ) throws(FileError) -> VerificationResult {
    var options = options
    var result = VerificationResult(
      of: subject.inspection.path.string, reference: reference.inspection.path.string)
    result.isOfConversion = isConversion
    let texts = try options.texts?.read(by: TextSide(subject), TextSide(reference))
    result.take(texts, into: &options)
    // What an export's fixed shapes cut off is compared as far as it goes.
    let (mine, theirs) = CutModel.pair(subject, reference)
    let common = CommonParts(
      mine, theirs, quantized: (subject.quantized, reference.quantized))
    let coverage = CoverageCheck(common: common, isComplete: options.isComplete).run()
    result.findings += subject.findings + reference.findings + coverage.findings
    result.weights = try WeightCheck(common: common, override: options.tolerance).run(
      observers(.comparing), path: result.subject)
    let decoders: (weights: [WeightComparison], findings: [Finding]) =
      isConversion
      ? ([], [])
      : try StoredDecoders.compare(subject, with: reference, isComplete: options.isComplete)
    result.findings += decoders.findings
    let baseline = Baseline(common, result.weights, isStrict: options.tolerance == nil)
    let check = ForwardCheck(
      subject: try Subject(mine, path: result.subject, options.engines),
      reference: baseline.store, engines: options.engines, weightRoundoff: baseline.roundoff,
      tolerance: options.tolerance, isSame: baseline.isSame)
    let configs = [mine.config, theirs.config]
    let given = texts?.probes ?? options.inputs.map { [Probe(inputs: $0, stages: nil)] }
    let chosen = given ?? probes.probes(configs, of: subject.model.config)
    result.sharesPass = !chosen.isEmpty && chosen.allSatisfy(check.servesBoth)
    result.stages = try check.run(
      chosen, common: common.stages,
      path: options.inputs == nil ? result.subject : options.inputsPath, observers(.computing))
    // Zeros in the place of what a file lost are no difference of models.
    try subject.checkUnchanged()
    try reference.checkUnchanged()
    // Of the models alone: what no model reads has no evidence that can be computed.
    let differences = result.weights.map(\.difference)
    let computesOtherwise = result.stagesHold == .fail
    let holdsOtherwise = result.weights.contains { $0.outcome == .fail }
    result.weights += decoders.weights
    let isCovered = !decoders.findings.contains { $0.severity == .error }
    result.checks = [
      isCovered ? coverage.check : Check(.coverage, .fail),
      Check(.weights, Outcome(holds: !result.weights.contains { $0.outcome == .fail })),
      Check(.forward, result.stagesHold),
    ]
    let wasRight = result.passes
    try checkGraph(
      subject, against: options.graph.ownWeights ? mine : baseline.store,
      weightRoundoff: options.graph.ownWeights ? [ElementType.float32.roundoff] : baseline.roundoff,
      options,
      observers(.computing), into: &result)
    // Of a graph that computes something else than was read of it, what was read explains nothing.
    if computesOtherwise || holdsOtherwise || (!wasRight && decoders.weights.isEmpty),
      !result.isMisread
    {
      let observer = observers(.diagnosing)
      let ofGraph = result.diagnosis
      let ofWeights = WeightEvidence(
        mine, theirs, differences,
        probe: computesOtherwise ? ProbeInputs.short(configs) : nil,
        isCancelled: observer.isCancelled
      ).diagnose()
      result.diagnosis = .merging(ofWeights, ofGraph)
      try observer.check(result.subject)
      try subject.checkUnchanged()
      try reference.checkUnchanged()
    }
    if !isConversion {
      if result.passes, let finding = unrun(reference, beside: subject) {
        result.findings.append(finding)
      }
      let tokenizers = try TokenizerCheck(subject.inspection, reference.inspection)
      result.findings += tokenizers.findings
      try tokenizers.compareRows(check, configs, probes: chosen.count, &result)
      result.set(.forward, result.stagesHold)
    }
    return result
  }
}

/// One set of inputs and the stages that are computed on it; nil for all.
struct Probe {
  let inputs: ModelInputs
  /// What the reference gets, which is the same but for words that have other ids there.
  let reference: ModelInputs
  let stages: Set<Stage>?

  init(inputs: ModelInputs, reference: ModelInputs? = nil, stages: Set<Stage>?) {
    self.inputs = inputs
    self.reference = reference ?? inputs
    self.stages = stages
  }

  /// Those of `all` that are computed on it.
  func stages(of all: [Stage]) -> [Stage] { all.filter { stages?.contains($0) ?? true } }
}

extension TextSide {
  /// A model that was loaded.
  init(_ loaded: LoadedModel) {
    self.init(path: loaded.inspection.path.string, config: loaded.model.config) {
      () throws(FileError) in try loaded.inspection.tokenizer()
    }
  }
}

extension VerificationResult {
  /// Notes what is told of texts, and lets their first batch be the inputs of a graph.
  mutating func take(
    _ texts: ReadTexts?, whole: Bool = false, into options: inout Verification.Options
  ) {
    guard let texts else { return }
    self.texts = texts.summary
    findings += texts.findings
    options.inputs = whole ? texts.whole : texts.probes.first?.inputs
    options.inputsPath = texts.summary.path
  }
}

extension WeightComparison {
  /// What a diagnosis makes of it.
  fileprivate var difference: ParameterDifference {
    ParameterDifference(
      parameter, isDifferent: outcome == .fail, isComparable: problem == nil && nonFinite == 0,
      relL2: relL2)
  }
}
