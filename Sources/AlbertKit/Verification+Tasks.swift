public import AlbertBytes
internal import AlbertConversion
public import AlbertReading
public import AlbertVerification
internal import SystemPackage

extension Verification {
  /// Holds the model at one path against the model at another without blocking the caller's actor.
  ///
  /// A task that is cancelled throws `cancelled` inside of the layer that is being computed.
  ///
  /// - Parameters:
  ///   - subject: The model to verify, of any readable format.
  ///   - reference: The model that it should equal, of any readable format.
  ///   - golden: A file of recorded outputs to hold the subject against too.
  ///   - options: Engines, inputs and tolerance.
  ///   - inspection: What a side leaves open; it goes to the side that needs it.
  ///   - progress: Told how far each phase is.
  /// - Returns: Every check, parameter, stage and explanation; models that differ are not an error.
  /// - Throws: ``FileError`` where a file cannot be used.
  public static func verify(
    _ subject: some FilePathConvertible, against reference: some FilePathConvertible,
    golden: (any FilePathConvertible)? = nil, _ options: Options = Options(),
    inspection: InspectionOptions = InspectionOptions(),
    progress: @escaping Progress = { _, _, _ in }
  ) async throws(FileError) -> VerificationResult {
    let (subject, reference) = (subject.filePath, reference.filePath)
    let golden = golden?.filePath
    return try await BlockingWork.run { (isCancelled) throws(FileError) in
      try verify(
        subject, against: reference, golden: golden, options, inspection: inspection,
        observers: observers(progress, isCancelled))
    }
  }

  /// Holds the forward pass of the model at a path against recorded outputs without blocking the
  /// caller's actor.
  ///
  /// A task that is cancelled throws `cancelled` inside of the layer that is being computed.
  ///
  /// - Parameters:
  ///   - subject: The model to verify, of any readable format.
  ///   - golden: The file of recorded outputs, `.npz` or `.safetensors`.
  ///   - options: Engines, inputs and tolerance.
  ///   - inspection: What the subject leaves open.
  ///   - progress: Told how far each phase is.
  /// - Returns: Every stage and explanation; outputs that differ are not an error.
  /// - Throws: ``FileError`` where a file cannot be used.
  public static func verify(
    _ subject: some FilePathConvertible, golden: some FilePathConvertible,
    _ options: Options = Options(), inspection: InspectionOptions = InspectionOptions(),
    progress: @escaping Progress = { _, _, _ in }
  ) async throws(FileError) -> VerificationResult {
    let (subject, golden) = (subject.filePath, golden.filePath)
    return try await BlockingWork.run { (isCancelled) throws(FileError) in
      try verify(
        subject, golden: golden, options, inspection: inspection,
        observers: observers(progress, isCancelled))
    }
  }
}
