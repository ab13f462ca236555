internal import AlbertArchitecture
internal import AlbertArchives
internal import AlbertBytes
internal import AlbertConversion
internal import AlbertTensors

extension ExportFormat {
  /// A complete ONNX graph, the weights of shared layers stored once; one file (`.onnx`).
  public static let onnx = ExportFormat(ONNXExport.self)
}

/// An ONNX model: the forward pass as a graph of operators, the weights of shared layers stored once.
///
/// One file, or with `keepsDataApart`, and beyond the 2 GiB that protobuf ends at, two.
enum ONNXExport: OutputFormat {
  static let name = "onnx"
  static let title = "an ONNX model"
  static let endings = [".onnx"]
  static let elementTypes: Set<ElementType> = [.float32, .float16, .bfloat16, .int8]
  static let configBesideFile: String? = nil

  /// The name of a file with the tensors of the model `name`.
  ///
  /// Its digest makes it unique, so that new data never come to lie under an old graph: the graph's
  /// own name decides which of the two belong together.
  static func dataName(of name: String, _ digest: XXH3Digest) -> String {
    let ending = "." + String(digest.description.prefix(16)) + ".data"
    var start = name
    while start.utf8.count + ending.utf8.count > 255 { start.removeLast() }
    return start + ending
  }

  /// A graph holds what is computed: heads over a pooler that is not there cannot be.
  static func adapt(
    _ model: TargetModel, initializing: Bool, path: String
  ) throws(FileError) -> TargetModel {
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
    let graph = AlbertGraph(model.config, model.contents, original: model.sharedAmongGroups) {
      types[$0] ?? .float32
    }
    let description = graph.model(by: model.tool, metadata: [model.statedConfig])
    let name = model.fileName ?? "model" + endings[0]
    if !model.keepsDataApart, try ONNXLayout.fits(description, path: model.path) {
      let layout = try ONNXLayout(description, path: model.path)
      return [ExportFile(name, .weights(WeightsFile(graph.tensors, layout)))]
    }
    let layout = try ONNXExternalLayout(description.tensors, path: model.path)
    let naming: @Sendable (XXH3Digest) -> String = { dataName(of: name, $0) }
    let path = model.path
    let companions: WeightsFile.Companions = { (written) throws(FileError) in
      guard let digest = written.digest else { return [] }
      let bytes = try layout.model(
        description, location: naming(digest), digest: digest, path: path)
      return [(name: name, bytes: bytes)]
    }
    let data = WeightsFile(graph.tensors, layout, naming: naming, companions: companions)
    return [ExportFile("data", .weights(data))]
  }
}
