public import AlbertArchitecture
internal import AlbertDiagnosis
package import AlbertBytes
package import AlbertConversion
internal import AlbertReading
internal import AlbertTensors

/// Proves that a model computes what it should, and says why where it does not.
public enum Verification {
  /// What a caller decides.
  public struct Options: Sendable {
    /// Which forward passes are run.
    public var engines: Engines
    /// Inputs to use instead of the probes or of the golden file's.
    public var inputs: ModelInputs?
    /// What errors call the place that the inputs came from.
    package var inputsPath: String
    /// A file of inputs for a graph that may take others than ALBERT's, instead of `inputs`.
    package var file: InputsFile?
    /// Texts to use instead of inputs, as each side's tokenizer reads them.
    package var texts: TextProbes?
    /// The largest absolute difference that is let pass, instead of the derived tolerance.
    public var tolerance: Double?
    /// Whether a parameter that only one side holds is a failure.
    public var isComplete: Bool
    /// How the subject's own graph is run, where it has one.
    package var graph: GraphOptions

    /// Makes options; by themselves all say what the tool does without options.
    ///
    /// - Parameters:
    ///   - engines: Which forward passes are run.
    ///   - inputs: Inputs to use instead of the probes or of the golden file's.
    ///   - tolerance: The largest absolute difference that is let pass, instead of the derived one.
    ///   - isComplete: Whether a parameter that only one side holds is a failure.
    public init(
      engines: Engines = .both, inputs: ModelInputs? = nil, tolerance: Double? = nil,
      isComplete: Bool = false
    ) {
      self.init(
        engines: engines, inputs: inputs, from: "the inputs", tolerance: tolerance,
        isComplete: isComplete)
    }

    /// Makes options whose inputs were read from the file at `path`.
    package init(
      engines: Engines = .both, inputs: ModelInputs?, from path: String, tolerance: Double? = nil,
      isComplete: Bool = false, graph: GraphOptions = GraphOptions()
    ) {
      self.graph = graph
      self.engines = engines
      self.inputs = inputs
      inputsPath = path
      self.tolerance = tolerance
      self.isComplete = isComplete
    }
  }

  /// Holds a model's forward pass against recorded outputs.
  ///
  /// Throws where the inputs or the outputs do not fit the model, and `cancelled` where an observer
  /// gives up.
  package static func verify(
    _ subject: LoadedModel, golden: GoldenFile, _ options: Options = Options(),
    observers: VerificationPhase.Observers = { _ in WorkObserver() }
  ) throws(FileError) -> VerificationResult {
    var options = options
    var result = VerificationResult(
      of: subject.inspection.path.string, golden: golden.path.string)
    result.take(try options.texts?.read(by: TextSide(subject)), whole: true, into: &options)
    result.findings += subject.findings + golden.findings(subject.model.config)
    let (inputs, path) = try inputs(golden, options)
    let check = GoldenCheck(
      try Subject(subject.model, path: result.subject, options.engines), golden, inputs, from: path,
      options.engines, weightRoundoff: roundoff(of: subject), tolerance: options.tolerance)
    result.stages = try check.run(observers(.computing))
    try subject.checkUnchanged()
    result.checks = [Check(.golden, result.stagesHold)]
    let recorded = GraphGolden(inputs: (inputs, path)) { (stage) throws(FileError) in
      guard let name = check.fit.fitting[stage] else { return nil }
      return try golden.expected(name)
    }
    try checkGraph(
      subject, against: subject.model, weightRoundoff: roundoff(of: subject), golden: recorded,
      options, observers(.computing), into: &result)
    if let finding = OtherReadings.headFinding(subject, golden, inputs) {
      result.findings.append(finding)
    }
    // A graph that is wrong where the recording is right was explained already.
    guard result.checks.contains(Check(.golden, .fail)) else { return result }
    let ofGraph = result.diagnosis
    result.diagnosis = []
    let observer = observers(.diagnosing)
    if let other = try otherDecoder(subject, check, result.stages, options, observer) {
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

  /// Holds a model against another, against recorded outputs, or against both.
  ///
  /// Throws where the inputs or the outputs do not fit the model, and `cancelled` where an observer
  /// gives up.
  package static func verify(
    _ subject: LoadedModel, against reference: LoadedModel?, golden: GoldenFile?,
    _ options: Options = Options(),
    observers: VerificationPhase.Observers = { _ in WorkObserver() }
  ) throws(FileError) -> VerificationResult {
    guard let reference else {
      guard let golden else { throw nothingToVerifyAgainst(subject.inspection.path.string) }
      return try verify(subject, golden: golden, options, observers: observers)
    }
    guard let golden else {
      return try verify(subject, against: reference, options, observers: observers)
    }
    let passes = JoinedPhase(
      observers(.computing), second: try cost(subject, golden, options))
    var result = try verify(
      subject, against: reference, options,
      observers: { $0 == .computing ? passes.first : observers($0) })
    let recorded = try verify(
      subject, golden: golden, options,
      observers: { $0 == .computing ? passes.second : observers($0) })
    result.golden = recorded.golden
    result.take(recorded)
    result.stages += recorded.stages
    result.diagnosis = .merging(result.diagnosis, recorded.diagnosis)
    result.findings += recorded.findings.filter { !result.findings.contains($0) }
    return result
  }

  /// What the passes of recorded outputs count.
  private static func cost(
    _ subject: LoadedModel, _ golden: GoldenFile, _ options: Options
  ) throws(FileError) -> Int {
    let texts = try options.texts?.read(by: TextSide(subject))
    let given: ModelInputs
    if let texts {
      given = texts.whole
    } else {
      given = try inputs(golden, options).0
    }
    return GoldenCheck.cost(subject.model, golden, given, options.engines)
  }

  static func nothingToVerifyAgainst(_ path: String) -> FileError {
    FileError(
      path, .missing("a model or recorded outputs to verify against"),
      remedy: "name one of the two")
  }

  /// The subject with the other reading of its decoder, where that comes much closer to the recorded
  /// scores of the vocabulary.
  private static func otherDecoder(
    _ subject: LoadedModel, _ check: GoldenCheck, _ stages: [StageComparison], _ options: Options,
    _ observer: WorkObserver
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
    let again = GoldenCheck(
      try Subject(other.model, path: check.subject.path, options.engines), check.golden,
      check.inputs, from: check.inputsPath, options.engines, weightRoundoff: roundoff(of: other),
      tolerance: options.tolerance)
    let found = try again.run(WorkObserver(isCancelled: observer.isCancelled))
    guard let after = error(found), after < before / 2 else { return nil }
    return (
      again, found, explains: 1 - after / before,
      explainsAll: !found.contains { $0.outcome == .fail }
    )
  }

  private static func inputs(
    _ golden: GoldenFile, _ options: Options
  ) throws(FileError) -> (ModelInputs, String) {
    if let inputs = options.inputs { return (inputs, options.inputsPath) }
    guard let inputs = golden.inputs else {
      throw FileError(
        golden.path.string, .missing("the array 'input_ids'"),
        remedy: "record the inputs too, or name their file with \(.inputs)")
    }
    return (inputs, golden.path.string)
  }

  /// The unit roundoff of weights in half precision or as integers, which stand for numbers that
  /// were finer.
  static func roundoff(of loaded: LoadedModel) -> [Double] {
    let model = loaded.model
    let types = ParameterSpec.all(model.config, model.contents).map {
      model.elementType(of: $0.parameter).roundoff
    }
    let integers = loaded.quantized.compactMap { QuantizedRows($0, in: model)?.roundoff }
    let largest = (types + integers).max() ?? 0
    return largest > ElementType.float32.roundoff ? [largest] : []
  }
}
