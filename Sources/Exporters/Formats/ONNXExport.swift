internal import Albert
internal import Archives
internal import Bytes
internal import Conversion
internal import NativeFormat
internal import Tensors

/// An ONNX model: the forward pass as a graph of operators, the weights of shared layers stored once.
///
/// One file, or with `keepsDataApart`, and beyond the 2 GiB that protobuf ends at, two.
enum ONNXExport: ExportFormat {
  static let name = "onnx"
  static let title = "an ONNX model"
  static let endings = [".onnx"]
  static let elementTypes: Set<ElementType> = [.float32, .float16, .bfloat16, .int8]

  /// What the name of a file with tensors adds to its model's.
  static let dataEnding = ".data"

  /// A graph holds what is computed: heads over a pooler that is not there cannot be.
  static func express(
    _ model: ExpressedModel, initializing: Bool, path: String
  ) throws(FileError) -> ExpressedModel {
    var result = model
    guard !model.contents.pooler else { return result }
    result.drop(
      \.sop, code: "sentence-order",
      "the sentence-order head needs a pooler, which the source lacks, and would be left out")
    if model.contents.taskHead?.usesPooler == true {
      result.dropTaskHead(
        "the task head needs a pooler, which the source lacks, and would be left out")
    }
    return result
  }

  static func files(_ model: ExportModel) throws(FileError) -> [ExportFile] {
    let types = Dictionary(uniqueKeysWithValues: model.tensors.map { ($0.spec.parameter, $0.type) })
    let graph = AlbertGraph(model.config, model.contents) { types[$0] ?? .float32 }
    let description = graph.model(by: model.tool, metadata: metadata(model))
    let name = model.fileName ?? "model" + endings[0]
    if !model.keepsDataApart, try ONNXLayout.fits(description, path: model.path) {
      let layout = try ONNXLayout(description, path: model.path)
      return [ExportFile(name, .weights(WeightsFile(graph.tensors, layout)))]
    }
    let location = name + dataEnding
    let layout = try ONNXExternalLayout(description.tensors, path: model.path + dataEnding)
    let bytes = try layout.model(description, location: location, path: model.path)
    return [
      ExportFile(location, .weights(WeightsFile(graph.tensors, layout))),
      ExportFile(name, .bytes(bytes)),
    ]
  }

  /// The canonical config, for what no operator shows: names of classes, token ids.
  private static func metadata(_ model: ExportModel) -> [(key: String, value: String)] {
    let config = NativeConfig.json(model.config, model.contents)
    return [(NativeProfile.Key.config.rawValue, config.text())]
  }
}
