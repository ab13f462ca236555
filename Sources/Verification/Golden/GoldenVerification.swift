internal import AlbertArchitecture
internal import AlbertBytes
internal import AlbertConversion
internal import AlbertDiagnosis
internal import AlbertReading

/// One verification of a model against recorded outputs: what fits is known before anything is computed.
struct GoldenVerification {
  private let subject: LoadedModel
  private let golden: GoldenFile
  private let options: Verification.Options
  private let inputsPath: String
  private let fit: GoldenFit
  private let begun: VerificationResult

  /// Reads the inputs, the caller's or those that were recorded.
  ///
  /// Throws where there are none.
  init(
    _ subject: LoadedModel, _ golden: GoldenFile, _ options: Verification.Options
  ) throws(FileError) {
    var options = options
    var result = VerificationResult(
      of: subject.inspection.path.string, golden: golden.path.string)
    result.take(try options.texts?.read(by: TextSide(subject)), whole: true, into: &options)
    result.findings += subject.findings + golden.findings(subject.model.config)
    guard let inputs = options.inputs ?? golden.inputs else {
      throw FileError(
        golden.path.string, .missing("the array 'input_ids'"),
        remedy: "record the inputs too, or name their file with \(.inputs)")
    }
    inputsPath = options.inputs == nil ? golden.path.string : options.inputsPath
    fit = GoldenFit(golden, subject.model, inputs)
    begun = result
    self.subject = subject
    self.golden = golden
    self.options = options
  }

  /// What the passes cost.
  var costs: [PassSeries.Cost] {
    if fit.inputs.problem(for: subject.model) != nil { return [] }
    return options.engines.list.map { ($0, $0.cost(fit.inputs, fit.stages, fit.config)) }
  }

  /// Holds the model's stages against what was recorded, and says what explains a difference.
  ///
  /// Throws where the inputs or the outputs do not fit the model, and `cancelled` where an observer
  /// gives up.
  func run(_ observers: VerificationPhase.Observers) throws(FileError) -> VerificationResult {
    var result = begun
    let check = try check(subject, fit)
    result.stages = try check.run(observers(.computing))
    try subject.checkUnchanged()
    result.checks = [Check(.golden, result.stagesHold)]
    let recorded = GraphGolden(inputs: (fit.inputs, inputsPath)) { (stage) throws(FileError) in
      guard let name = fit.fitting[stage] else { return nil }
      return try golden.expected(name)
    }
    try Verification.checkGraph(
      subject, against: subject.model, weightRoundoff: Verification.roundoff(of: subject),
      golden: recorded, options, observers(.computing), into: &result)
    if let finding = OtherReadings.headFinding(subject, golden, fit.inputs) {
      result.findings.append(finding)
    }
    // A graph that is wrong where the recording is right was explained already.
    guard result.checks.contains(Check(.golden, .fail)) else { return result }
    let ofGraph = result.diagnosis
    result.diagnosis = []
    let observer = observers(.diagnosing)
    if let own = try ofPublisher(result.stages, observer) {
      result.diagnosis = [own]
    } else if let other = try otherDecoder(result.stages, observer) {
      result.diagnosis = [OtherReadings.decoderDiagnosis(subject, explains: other.explains)]
      guard !other.explainsAll else { return result }
      result.take(try other.check.diagnose(other.stages, observer))
    } else {
      result.take(try check.diagnose(result.stages, observer))
      try subject.checkUnchanged()
    }
    result.diagnosis = .merging(result.diagnosis, ofGraph)
    return result
  }

  private func check(_ model: LoadedModel, _ fit: GoldenFit) throws(FileError) -> GoldenCheck {
    GoldenCheck(
      try Subject(model.model, path: begun.subject, options.engines), golden, fit, from: inputsPath,
      options.engines, weightRoundoff: Verification.roundoff(of: model),
      tolerance: options.tolerance)
  }

  /// The explanation that the recording is of the publisher's own code, where that leaves no difference.
  private func ofPublisher(
    _ stages: [StageComparison], _ observer: WorkObserver
  ) throws(FileError) -> Diagnosis? {
    guard let own = PublisherReading(subject), fit.misfits.isEmpty else { return nil }
    let computed = try GoldenCheck(
      try own.subject(begun.subject), golden, fit, from: inputsPath, .reference,
      weightRoundoff: Verification.roundoff(of: subject), tolerance: options.tolerance
    ).run(WorkObserver(isCancelled: observer.isCancelled))
    guard !computed.contains(where: { $0.outcome == .fail }) else { return nil }
    func largest(_ stages: [StageComparison]) -> Double { stages.compactMap(\.maxAbs).max() ?? 0 }
    return own.diagnosis(explains: 1 - largest(computed) / largest(stages))
  }

  /// The subject with the other reading of its decoder, where that comes much closer to the recorded
  /// scores of the vocabulary.
  private func otherDecoder(
    _ stages: [StageComparison], _ observer: WorkObserver
  ) throws(FileError) -> (
    check: GoldenCheck, stages: [StageComparison], explains: Double, explainsAll: Bool
  )? {
    func error(_ stages: [StageComparison]) -> Double? {
      stages.first { $0.stage == .predictionLogits && $0.outcome != .notProduced }?
        .error?.real.maxAbs
    }
    guard let before = error(stages), before > 0,
      let inspection = subject.inspection.withOtherDecoder
    else { return nil }
    let other = try LoadedModel(inspection, isCancelled: observer.isCancelled)
    let again = try check(other, GoldenFit(golden, other.model, fit.inputs))
    let found = try again.run(WorkObserver(isCancelled: observer.isCancelled))
    guard let after = error(found), after < before / 2 else { return nil }
    return (
      again, found, explains: 1 - after / before,
      explainsAll: !found.contains { $0.outcome == .fail }
    )
  }
}
