public import AlbertArchitecture
package import AlbertBytes
public import AlbertNativeFormat
public import AlbertReading
package import SystemPackage

/// A model of any readable format, ready for a forward pass.
///
/// A native file of floats stays where it is and is mapped; anything else is converted in memory.
/// Every checksum that the file offers is verified, a native one's digests too, for which it is read
/// once. A program that cannot wait for that opens a `NativeModel` itself, and takes its bytes on
/// trust.
public struct LoadedModel: Sendable {
  /// What the source is.
  public let inspection: Inspection
  /// Its parameters in canonical layout.
  public let model: NativeModel
  /// What was noticed while it was loaded.
  public let findings: [Finding]

  /// Opens and loads the model at `path`.
  ///
  /// Throws where it cannot be used, and `cancelled` where `isCancelled` says so.
  package init(
    _ path: FilePath, _ options: InspectionOptions = InspectionOptions(),
    progress: @escaping ConversionPlan.Progress = { _, _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws(FileError) {
    try self.init(try Inspection.open(path, options), progress: progress, isCancelled: isCancelled)
  }

  /// Loads what was inspected.
  ///
  /// Throws where it cannot be used, and `cancelled` where `isCancelled` says so.
  package init(
    _ inspection: Inspection, progress: @escaping ConversionPlan.Progress = { _, _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws(FileError) {
    if let refusal = inspection.refusal { throw refusal }
    self.inspection = inspection
    if let archive = inspection.archive as? NativeArchive, let file = archive.files.first {
      let native = try NativeModel(file, archive.header)
      try native.verifyDigests(WorkObserver(progress: progress, isCancelled: isCancelled))
      model = native
      findings = inspection.findings
    } else {
      let plan = try ConversionPlan(loading: inspection)
      let loaded = try plan.load(
        WorkObserver(progress: progress, isCancelled: isCancelled))
      model = loaded.model
      findings = inspection.findings + plan.findings + loaded.findings
    }
  }

  /// Makes sure that what was computed counts.
  ///
  /// - Throws: ``FileError`` `changed` where the model is a mapped file that is no longer as it was when
  ///   it was opened.
  package func checkUnchanged() throws(FileError) { try model.checkUnchanged() }

  /// Parameters that the file holds as 8-bit integers, each row with a scale of its own.
  package var quantized: Set<Parameter> {
    guard let archive = inspection.archive as? DequantizedArchive else { return [] }
    return Set(
      inspection.assignments.filter { archive.isQuantized($0.tensor.name) }
        .compactMap(\.parameter))
  }

  /// A model that is at hand, as what `inspection` describes.
  package init(inspection: Inspection, model: NativeModel) {
    self.inspection = inspection
    self.model = model
    findings = inspection.findings
  }
}

extension ConversionPlan {
  /// Executes the plan into memory: the model as a native file would hold it.
  func load(_ observer: WorkObserver) throws(FileError) -> (
    model: NativeModel, findings: [Finding]
  ) {
    let (tensors, layout) = native(tool: "")
    let memory = try MemorySink(count: layout.byteCount)
    let path = inspection.path.string
    let written = try write(tensors, as: layout, to: memory, path: path, observer)
    let model = NativeModel(
      header: layout.header(of: written.tensors), bytes: memory.bytes,
      dataStart: layout.dataStart, path: path)
    return (model, written.findings)
  }
}
