internal import Albert
public import Bytes
public import Conversion
internal import Tensors

extension Verification {
  /// Holds a model against another: what both contain, number by number, and what both compute.
  ///
  /// Throws where the inputs do not fit the models.
  public static func verify(
    _ subject: LoadedModel, against reference: LoadedModel, _ options: Options = Options()
  ) throws(FileError) -> VerificationResult {
    try verify(subject, against: reference, options) { probes($0, of: subject.model.config) }
  }

  /// The same with probes of the caller's choice.
  static func verify(
    _ subject: LoadedModel, against reference: LoadedModel, _ options: Options,
    probes: ([AlbertConfig]) -> [Probe]
  ) throws(FileError) -> VerificationResult {
    var result = VerificationResult()
    result.subject = subject.inspection.path.string
    result.reference = reference.inspection.path.string
    let coverage = CoverageCheck(
      subject: subject.model, reference: reference.model, isComplete: options.isComplete
    ).run()
    result.findings = subject.findings + reference.findings + coverage.findings
    result.weights =
      WeightCheck(
        subject: subject.model, reference: reference.model, override: options.tolerance
      ).run()
    let configs = [subject.model.config, reference.model.config]
    // A decoder of its own on one side is no parameter of both, and yet makes other logits.
    let isSame =
      result.weights.allSatisfy(\.bitwiseEqual)
      && subject.model.contents.untiedDecoder == reference.model.contents.untiedDecoder
      && configs[0].computes(as: configs[1], mlm: subject.model.contents.mlm)
    let check = ForwardCheck(
      subject: try Subject(subject.model, path: result.subject, options.engines),
      reference: reference.model, engines: options.engines,
      weightRoundoff: roundoff(subject.model, reference.model), tolerance: options.tolerance,
      isSame: isSame)
    let common = commonStages(subject.model, reference.model)
    let given = options.inputs.map { [Probe(inputs: $0.inputs, stages: nil)] }
    let chosen = given ?? probes(configs)
    result.stages = try check.run(
      chosen.map { probe in
        (inputs: probe.inputs, stages: common.filter { probe.stages?.contains($0) ?? true })
      }, path: options.inputs?.path ?? result.subject)
    result.checks = [
      coverage.check,
      Check(.weights, Outcome(holds: !result.weights.contains { $0.outcome == .fail })),
      Check(.forward, Outcome(holds: !result.stages.contains { $0.outcome == .fail })),
    ]
    if !result.passes {
      result.diagnosis =
        PairDiagnosis(
          pair: ModelPair(
            subject: subject.model, reference: reference.model, weights: result.weights),
          stages: result.stages, weightRoundoff: check.weightRoundoff
        ).run()
    }
    return result
  }

  /// Stages that both models have, attentions of the first and the last block among them.
  private static func commonStages(
    _ subject: some ParameterStore, _ reference: some ParameterStore
  ) -> [Stage] {
    let theirs = Set(Stage.all(reference.config, reference.contents))
    return Stage.all(subject.config, subject.contents).filter(theirs.contains)
  }

  /// The unit roundoff of the coarser types, where the two sides differ in them.
  static func roundoff(_ subject: some ParameterStore, _ reference: some ParameterStore) -> [Double]
  {
    let mine = Set(ParameterSpec.all(subject.config, subject.contents).map(\.parameter))
    let coarsest =
      ParameterSpec.all(reference.config, reference.contents).map(\.parameter)
      .filter(mine.contains)
      .map { (subject.elementType(of: $0), reference.elementType(of: $0)) }
      .filter { $0.0 != $0.1 }
      .map { max($0.0.roundoff, $0.1.roundoff) }.max()
    return coarsest.map { [$0] } ?? []
  }
}

/// One set of inputs and the stages that are computed on it; nil for all.
struct Probe {
  let inputs: ModelInputs
  let stages: Set<Stage>?
}
