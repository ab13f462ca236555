internal import AlbertArchives
internal import AlbertBytes
internal import AlbertConversion
internal import AlbertTensors

extension ExportFormat {
  /// One safetensors file under Hugging Face's names, with the config in its metadata.
  public static let safetensors = ExportFormat(SafetensorsExport.self)
}

/// One plain safetensors file under Hugging Face's names, whose metadata states the config.
enum SafetensorsExport: OutputFormat {
  static let name = "safetensors"
  static let title = "a safetensors file"
  static let endings = [".safetensors"]
  static let elementTypes: Set<ElementType> = [.float32, .float16, .bfloat16]
  static let configBesideFile: String? = nil

  static func files(_ model: ExportModel) throws(FileError) -> [ExportFile] {
    let name = model.fileName ?? HuggingFaceExport.weightsName
    return [ExportFile(name, .weights(try weights(model)))]
  }

  /// The tensors in the order of use, tied ones once; a file that lies in no folder with a config says
  /// itself what it is.
  static func weights(_ model: ExportModel) throws(FileError) -> WeightsFile {
    let tensors = HuggingFaceNames(model).tensors(model)
    let config = model.isFolder ? [] : [model.statedConfig]
    let layout = try SafetensorsLayout(
      tensors.map(\.tensor), metadata: [("format", "pt")] + config, path: model.path)
    return WeightsFile(tensors, layout)
  }
}
