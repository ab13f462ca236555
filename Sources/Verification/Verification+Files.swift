public import Bytes
public import Conversion
public import SystemPackage

extension Verification {
  /// Holds the model at one path against the model at another, and against recorded outputs too
  /// where a file of them is named.
  ///
  /// Either model may be of any readable format. A config or a prefix in `inspection` is the
  /// subject's, and the reference's where it does not say by itself what it is.
  ///
  /// Throws where a file cannot be used.
  public static func verify(
    _ subject: FilePath, against reference: FilePath, golden: FilePath? = nil,
    _ options: Options = Options(), inspection: InspectionOptions = InspectionOptions()
  ) throws(FileError) -> VerificationResult {
    try verify(
      try LoadedModel(subject, inspection),
      against: try LoadedModel(reference: reference, inspection),
      golden: try recorded(golden, inspection), options)
  }

  /// Holds the model at a path against recorded outputs.
  ///
  /// Throws where a file cannot be used.
  public static func verify(
    _ subject: FilePath, golden: FilePath, _ options: Options = Options(),
    inspection: InspectionOptions = InspectionOptions()
  ) throws(FileError) -> VerificationResult {
    try verify(
      try LoadedModel(subject, inspection),
      golden: try RecordedFile(golden, inspection.archive), options)
  }

  private static func recorded(
    _ path: FilePath?, _ inspection: InspectionOptions
  ) throws(FileError) -> RecordedFile? {
    guard let path else { return nil }
    return try RecordedFile(path, inspection.archive)
  }
}

extension LoadedModel {
  /// Loads a reference by what it says of itself; a config or a prefix in `options` counts only
  /// where it does not say enough.
  public init(
    reference path: FilePath, _ options: InspectionOptions,
    progress: @escaping ConversionPlan.Progress = { _, _ in }
  ) throws(FileError) {
    let own = InspectionOptions(archive: options.archive)
    let alone = try? Inspection.open(path, own)
    try self.init(path, alone?.config == nil ? options : own, progress: progress)
  }
}
