package import AlbertArchitecture
internal import AlbertDiagnosis
package import AlbertBytes
package import AlbertConversion
internal import AlbertReading
internal import AlbertTensors

extension Verification {
  /// Holds a model against another: what both contain, number by number, and what both compute.
  ///
  /// Throws where the inputs do not fit the models, and `cancelled` where an observer gives up.
  package static func verify(
    _ subject: LoadedModel, against reference: LoadedModel, _ options: Options = Options(),
    observers: VerificationPhase.Observers = { _ in WorkObserver() }
  ) throws(FileError) -> VerificationResult {
    var result = try verify(subject, against: reference, options, observers) {
      probes($0, of: subject.model.config)
    }
    // Not in conversions, which take the tokenizer along as it is.
    result.findings += TokenizerCheck(
      subject: subject.inspection, reference: reference.inspection
    ).run()
    return result
  }

  /// The same with probes of the caller's choice, and without a look at decoders that are not used
  /// where the caller has decided about them.
  package static func verify(
    _ subject: LoadedModel, against reference: LoadedModel, _ options: Options,
    _ observers: VerificationPhase.Observers = { _ in WorkObserver() },
    comparesUnused: Bool = true,
    probes: ([AlbertConfig]) -> [Probe]
  ) throws(FileError) -> VerificationResult {
    var result = VerificationResult()
    result.subject = subject.inspection.path.string
    result.reference = reference.inspection.path.string
    let common = CommonParts(
      subject.model, reference.model, quantized: (subject.quantized, reference.quantized))
    let coverage = CoverageCheck(common: common, isComplete: options.isComplete).run()
    result.findings = subject.findings + reference.findings + coverage.findings
    result.weights = try WeightCheck(common: common, override: options.tolerance).run(
      observers(.comparing), path: result.subject)
    let decoders: (weights: [WeightComparison], findings: [Finding]) =
      comparesUnused
      ? try StoredDecoders(
        subject: subject, reference: reference, isComplete: options.isComplete
      ).run() : ([], [])
    result.findings += decoders.findings
    let baseline = Baseline(common, result.weights, isStrict: options.tolerance == nil)
    let check = ForwardCheck(
      subject: try Subject(subject.model, path: result.subject, options.engines),
      reference: baseline.store, engines: options.engines, weightRoundoff: baseline.roundoff,
      tolerance: options.tolerance, isSame: baseline.isSame)
    let given = options.inputs.map { [Probe(inputs: $0, stages: nil)] }
    let chosen = given ?? probes([subject.model.config, reference.model.config])
    result.stages = try check.run(
      chosen.map { probe in
        (inputs: probe.inputs, stages: common.stages.filter { probe.stages?.contains($0) ?? true })
      }, path: options.inputs == nil ? result.subject : options.inputsPath, observers(.computing))
    // Zeros in the place of what a file lost are no difference of models.
    try subject.checkUnchanged()
    try reference.checkUnchanged()
    // Of the models alone: what no model reads has no evidence that can be computed.
    let differences = result.weights.map(\.difference)
    let computesOtherwise = result.stages.contains { $0.outcome == .fail }
    let holdsOtherwise = result.weights.contains { $0.outcome == .fail }
    result.weights += decoders.weights
    let isCovered = !decoders.findings.contains { $0.severity == .error }
    result.checks = [
      isCovered ? coverage.check : Check(.coverage, .fail),
      Check(.weights, Outcome(holds: !result.weights.contains { $0.outcome == .fail })),
      Check(.forward, Outcome(holds: !result.stages.contains { $0.outcome == .fail })),
    ]
    let wasRight = result.passes
    try checkGraph(
      subject, against: options.graph.ownWeights ? subject.model : baseline.store,
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
        subject.model, reference.model, differences,
        probe: computesOtherwise
          ? ProbeInputs.short([subject.model.config, reference.model.config]) : nil,
        isCancelled: observer.isCancelled
      ).diagnose()
      result.diagnosis = .merging(ofWeights, ofGraph)
      try observer.check(result.subject)
      try subject.checkUnchanged()
      try reference.checkUnchanged()
    }
    return result
  }
}

/// One set of inputs and the stages that are computed on it; nil for all.
package struct Probe {
  let inputs: ModelInputs
  let stages: Set<Stage>?

  /// States a probe.
  package init(inputs: ModelInputs, stages: Set<Stage>?) {
    self.inputs = inputs
    self.stages = stages
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
