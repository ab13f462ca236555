internal import AlbertArchives
internal import AlbertBytes
internal import AlbertConversion
internal import AlbertTensors

extension ExportFormat {
  /// A PyTorch state dictionary: a folder with its config, or one file (`.bin`, `.pt`, `.pth`).
  public static let pyTorch = ExportFormat(PyTorchExport.self)
}

/// `pytorch_model.bin` as `torch.save` writes a state dictionary, for Hugging Face's PyTorch classes
/// of any version.
///
/// The dictionary holds every name that those classes have; tied ones share a storage.
enum PyTorchExport: HuggingFaceFormat {
  static let name = "pytorch"
  static let title = "a PyTorch state dictionary"
  static let endings = [".bin", ".pt", ".pth"]

  static func files(_ model: ExportModel) throws(FileError) -> [ExportFile] {
    let names = HuggingFaceNames(model)
    let ties = names.ties(model)
    let tensors = names.tensors(model).filter { tensor in
      !ties.contains { $0.name == tensor.tensor.name }
    }
    let layout = try PyTorchLayout(tensors.map(\.tensor), aliases: ties, path: model.path)
    return HuggingFaceExport.files(
      model, "pytorch_model.bin", WeightsFile(tensors, layout), .torch)
  }
}
