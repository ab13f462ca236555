internal import AlbertBytes
internal import AlbertConversion
internal import AlbertTensors

extension ExportFormat {
  /// This project's own file: mapped, digested, self-contained; one file, `.albert`.
  public static let native = ExportFormat(NativeExport.self)
}

/// This project's own native file.
enum NativeExport: OutputFormat {
  static let name = "native"
  static let title = "a native file"
  static let endings = [".albert"]
  static let elementTypes: Set<ElementType> = [.float32, .float16, .bfloat16, .int8]

  static func files(_ model: ExportModel) throws(FileError) -> [ExportFile] {
    let (tensors, layout) = model.plan.native(tool: model.tool)
    return [
      ExportFile(
        model.fileName ?? "model.albert",
        .weights(WeightsFile(tensors, layout, hashing: model.plan.inspection.sourceFiles)))
    ]
  }
}
