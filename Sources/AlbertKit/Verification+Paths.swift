public import AlbertBytes
internal import AlbertConversion
public import AlbertReading
public import AlbertVerification
internal import SystemPackage

extension Verification {
  /// Told how far a phase of a verification is, in bytes or multiplications, by several threads.
  public typealias Progress =
    @Sendable (_ phase: VerificationPhase, _ done: Int, _ total: Int) -> Void

  /// Holds the model at one path against the model at another: every parameter, both forward passes
  /// stage by stage; and says what explains a difference.
  ///
  /// Of a graph in which no ALBERT is recognised the outputs alone are compared, which a finding says.
  ///
  /// - Parameters:
  ///   - subject: The model to verify, of any readable format.
  ///   - reference: The model that it should equal, of any readable format.
  ///   - golden: A file of recorded outputs to hold the subject against too.
  ///   - options: Engines, inputs and tolerance.
  ///   - inspection: What a side leaves open; it goes to the side that needs it.
  ///   - progress: Told how far each phase is.
  ///   - isCancelled: Asked inside of layers, by several threads.
  /// - Returns: Every check, parameter, stage and explanation; models that differ are not an error.
  /// - Throws: ``FileError`` where a file cannot be used, `cancelled` among it.
  public static func verify(
    _ subject: some FilePathConvertible, against reference: some FilePathConvertible,
    golden: (any FilePathConvertible)? = nil, _ options: Options = Options(),
    inspection: InspectionOptions = InspectionOptions(),
    progress: @escaping Progress = { _, _, _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws(FileError) -> VerificationResult {
    try verify(
      subject.filePath, against: reference.filePath, golden: golden?.filePath, options,
      inspection: inspection, observers: observers(progress, isCancelled))
  }

  /// Holds the forward pass of the model at a path against recorded outputs; or the outputs of a graph in which
  /// no ALBERT is recognised, which a finding says.
  ///
  /// - Parameters:
  ///   - subject: The model to verify, of any readable format.
  ///   - golden: The file of recorded outputs, `.npz` or `.safetensors`.
  ///   - options: Engines, inputs and tolerance.
  ///   - inspection: What the subject leaves open.
  ///   - progress: Told how far each phase is.
  ///   - isCancelled: Asked inside of layers, by several threads.
  /// - Returns: Every stage and explanation; outputs that differ are not an error.
  /// - Throws: ``FileError`` where a file cannot be used, `cancelled` among it.
  public static func verify(
    _ subject: some FilePathConvertible, golden: some FilePathConvertible,
    _ options: Options = Options(), inspection: InspectionOptions = InspectionOptions(),
    progress: @escaping Progress = { _, _, _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws(FileError) -> VerificationResult {
    try verify(
      subject.filePath, golden: golden.filePath, options, inspection: inspection,
      observers: observers(progress, isCancelled))
  }

  /// Throws unless the model at `subject` holds and computes what the one at `reference` does.
  ///
  /// For tests: `try Verification.assertFaithful("export.safetensors", to: "model.ckpt-best")`. The
  /// error's description says what differs first and, as far as is known, why.
  ///
  /// - Parameters:
  ///   - subject: The model to verify, of any readable format.
  ///   - reference: The model that it should equal, of any readable format.
  ///   - golden: A file of recorded outputs to hold the subject against too.
  ///   - options: Engines, inputs and tolerance.
  ///   - inspection: What a side leaves open; it goes to the side that needs it.
  /// - Returns: The result, which passes.
  /// - Throws: ``FaithfulnessFailure`` where the models differ or a file cannot be used.
  @discardableResult
  public static func assertFaithful(
    _ subject: some FilePathConvertible, to reference: some FilePathConvertible,
    golden: (any FilePathConvertible)? = nil, _ options: Options = Options(),
    inspection: InspectionOptions = InspectionOptions()
  ) throws(FaithfulnessFailure) -> VerificationResult {
    try assertFaithful(
      subject.filePath, to: reference.filePath, golden: golden?.filePath, options,
      inspection: inspection)
  }

  /// Throws unless the model at `subject` computes what was recorded in `golden`.
  ///
  /// - Parameters:
  ///   - subject: The model to verify, of any readable format.
  ///   - golden: The file of recorded outputs, `.npz` or `.safetensors`.
  ///   - options: Engines, inputs and tolerance.
  ///   - inspection: What the subject leaves open.
  /// - Returns: The result, which passes.
  /// - Throws: ``FaithfulnessFailure`` where the outputs differ or a file cannot be used.
  @discardableResult
  public static func assertFaithful(
    _ subject: some FilePathConvertible, toGolden golden: some FilePathConvertible,
    _ options: Options = Options(), inspection: InspectionOptions = InspectionOptions()
  ) throws(FaithfulnessFailure) -> VerificationResult {
    try assertFaithful(
      subject.filePath, toGolden: golden.filePath, options, inspection: inspection)
  }

  static func observers(
    _ progress: @escaping Progress, _ isCancelled: @escaping @Sendable () -> Bool
  ) -> VerificationPhase.Observers {
    { phase in WorkObserver(progress: { progress(phase, $0, $1) }, isCancelled: isCancelled) }
  }
}
