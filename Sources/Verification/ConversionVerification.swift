public import Bytes
public import Conversion
public import SystemPackage

/// The verification that closes a conversion: the written file against its source.
public enum ConversionVerification {
  /// Reads back what was written and holds it against the source.
  ///
  /// Every tensor is compared. Where all are the source's own bytes and the configs agree, the forward
  /// pass runs once, with both engines, on a short probe; else both sides run.
  ///
  /// `isComplete` says whether everything in the source must be in the output too.
  ///
  /// Throws where the written file cannot be read, or the source no more.
  public static func run(
    written: FilePath, plan: ConversionPlan, isComplete: Bool = true,
    _ options: InspectionOptions = InspectionOptions(),
    progress: @escaping ConversionPlan.Progress = { _, _ in }
  ) throws(FileError) -> VerificationResult {
    // A config or a prefix that the user named belongs to the source.
    let subject = try LoadedModel(written, InspectionOptions(archive: options.archive))
    var isRepeated = plan.keepsTypes
    if isRepeated { isRepeated = try plan.matches(subject.model, progress: progress) }
    let reference =
      isRepeated
      ? LoadedModel(inspection: plan.inspection, model: subject.model)
      : try LoadedModel(plan.inspection, progress: progress)
    return try Verification.verify(
      subject, against: reference, Verification.Options(isComplete: isComplete)
    ) { configs in [Probe(inputs: ProbeInputs.short(configs), stages: nil)] }
  }
}
