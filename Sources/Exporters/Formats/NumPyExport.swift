internal import AlbertArchives
internal import AlbertBytes
internal import AlbertConversion
internal import AlbertTensors

extension ExportFormat {
  /// One NumPy archive (`.npz`) under Hugging Face's names.
  public static let numPy = ExportFormat(NumPyExport.self)
}

/// One `.npz` file under the names of Hugging Face's PyTorch classes, tied tensors once.
enum NumPyExport: OutputFormat {
  static let name = "npz"
  static let title = "a NumPy archive"
  static let endings = [".npz"]
  // bfloat16 is two bytes without meaning in NumPy.
  static let elementTypes: Set<ElementType> = [.float32, .float16]

  static func files(_ model: ExportModel) throws(FileError) -> [ExportFile] {
    let tensors = HuggingFaceNames(model).tensors(model)
    let layout = try NumPyLayout(tensors.map(\.tensor), path: model.path)
    return [ExportFile(model.fileName ?? "weights.npz", .weights(WeightsFile(tensors, layout)))]
  }
}
