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

    /// Makes options with a file of inputs, or texts.
    package init(
      engines: Engines, file: InputsFile?, texts: TextProbes?, tolerance: Double?,
      isComplete: Bool, graph: GraphOptions
    ) {
      self.init(
        engines: engines, inputs: nil, from: file?.path ?? "", tolerance: tolerance,
        isComplete: isComplete)
      self.file = file
      self.texts = texts
      self.graph = graph
    }

    /// Makes options whose inputs came from what errors call `path`.
    package init(
      engines: Engines = .both, inputs: ModelInputs?, from path: String, tolerance: Double? = nil,
      isComplete: Bool = false
    ) {
      graph = GraphOptions()
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
    try GoldenVerification(subject, golden, options).run(observers)
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
    let held = try GoldenVerification(subject, golden, options)
    let passes = JoinedPhase(observers(.computing), second: held.costs)
    var result = try verify(
      subject, against: reference, options,
      observers: { $0 == .computing ? passes.first : observers($0) })
    let recorded = try held.run { $0 == .computing ? passes.second : observers($0) }
    result.golden = recorded.golden
    result.take(recorded)
    result.stages += recorded.stages
    result.diagnosis = .merging(result.diagnosis, recorded.diagnosis)
    result.findings += recorded.findings.filter { !result.findings.contains($0) }
    return result
  }

  static func nothingToVerifyAgainst(_ path: String) -> FileError {
    FileError(
      path, .missing("a model or recorded outputs to verify against"),
      remedy: "name one of the two")
  }

  /// The unit roundoff of weights in half precision or as integers, or that are the rounded product of
  /// two factors of the file: they stand for numbers that were finer.
  static func roundoff(of loaded: LoadedModel) -> [Double] {
    let model = loaded.model
    let types = ParameterSpec.all(model.config, model.contents).map {
      model.elementType(of: $0.parameter).roundoff
    }
    let integers = loaded.quantized.compactMap { QuantizedRows($0, in: model)?.roundoff }
    let largest = (types + integers).max() ?? 0
    let isProduct = loaded.inspection.hasFactoredWords
    return largest > ElementType.float32.roundoff || isProduct ? [largest] : []
  }
}
