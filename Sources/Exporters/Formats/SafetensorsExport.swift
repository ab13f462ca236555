internal import AlbertArchives
internal import AlbertBytes
internal import AlbertConversion
internal import AlbertTensors

extension ExportFormat {
  /// One safetensors file under Hugging Face's names, with the config in its metadata or beside it.
  public static let safetensors = ExportFormat(SafetensorsExport.self)
}

/// One plain safetensors file under Hugging Face's names, without a config.
enum SafetensorsExport: OutputFormat {
  static let name = "safetensors"
  static let title = "a safetensors file"
  static let endings = [".safetensors"]
  static let elementTypes: Set<ElementType> = [.float32, .float16, .bfloat16]

  static func files(_ model: ExportModel) throws(FileError) -> [ExportFile] {
    let name = model.fileName ?? HuggingFaceExport.weightsName
    return [ExportFile(name, .weights(try weights(model)))]
  }

  /// The tensors in the order of use, tied ones once.
  static func weights(_ model: ExportModel) throws(FileError) -> WeightsFile {
    let tensors = HuggingFaceNames(model).tensors(model)
    let layout = try SafetensorsLayout(
      tensors.map(\.tensor), metadata: [("format", "pt")], path: model.path)
    return WeightsFile(tensors, layout)
  }
}
