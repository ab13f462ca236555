internal import AlbertBytes
internal import AlbertJSON
internal import AlbertNativeFormat
internal import AlbertReading
internal import AlbertTensors
internal import AlbertTokenizers

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
  static let configBesideFile: String? = nil
  static let recordsSourceDigests = true

  static func files(_ model: ExportModel) throws(FileError) -> [ExportFile] {
    func carried(_ kind: PassthroughFile.Kind) throws(FileError) -> String? {
      var files: [(name: String, bytes: [UInt8])] = []
      for passthrough in model.passthrough where passthrough.kind == kind {
        files.append((passthrough.embeddedName, try passthrough.bytes()))
      }
      return EmbeddedFiles.text(files)
    }
    let (tensors, layout) = model.plan.native(
      tool: model.tool,
      companions: NativeCompanions(
        tokenizer: try carried(.tokenizer).map(JSONPart.init(writing:)),
        pooling: try carried(.pooling)))
    return [
      ExportFile(model.fileName ?? "model.albert", .weights(WeightsFile(tensors, layout)))
    ]
  }
}
