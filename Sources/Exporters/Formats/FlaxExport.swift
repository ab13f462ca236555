internal import AlbertArchitecture
internal import AlbertArchives
internal import AlbertBytes
internal import AlbertConversion
internal import AlbertTensors
internal import AlbertUpstreams

extension ExportFormat {
  /// Flax parameters: a folder with its config, or one file (`.msgpack`).
  public static let flax = ExportFormat(FlaxExport.self)
}

/// `flax_model.msgpack` for Hugging Face's Flax classes.
enum FlaxExport: HuggingFaceFormat {
  static let name = "flax"
  static let title = "Flax parameters"
  static let endings = [".msgpack"]

  static func files(_ model: ExportModel) throws(FileError) -> [ExportFile] {
    let names = OutputNames.huggingFaceFlax(
      bare: model.contents.heads.isEmpty, innerLayers: model.config.innerGroupNum)
    // Maps keep the order in which the classes make their parameters.
    let tensors = model.tensors.sorted {
      names.precedes($0.spec.parameter, $1.spec.parameter)
    }.compactMap { planned in
      names.name(of: planned.spec.parameter).map { planned.output(named: $0.name, $0.layout) }
    }
    let layout = try FlaxLayout(tensors.map(\.tensor), path: model.path)
    return HuggingFaceExport.files(
      model, "flax_model.msgpack", WeightsFile(tensors, layout), .flax)
  }
}
