internal import AlbertArchives
package import AlbertBytes
internal import AlbertTensors
package import SystemPackage

/// Fills a graph from a TensorFlow Lite file, in the words of ONNX's operators.
///
/// Products of weights that are integers with numbers that are not have no ONNX operator: their domain
/// is `tflite`. So is what has no translation, which is then named before anything runs.
package enum TFLiteImporter: GraphFormat {
  /// The word for the format in reports.
  package static let name = TFLiteFormat.name

  /// Whether a file says of itself that it is a TensorFlow Lite model.
  package static func claims(_ file: SourceFile, head: [UInt8]) -> Bool {
    TFLiteFormat.claims(file, head: head)
  }

  /// The graph in the file at `path`; data of its tensors are read when they are wanted.
  package static func open(_ path: FilePath) throws(FileError) -> GraphModel {
    let file = try SourceFile(path)
    guard claims(file, head: try file.bytes(at: 0, count: min(8, file.size))) else {
      throw FileError(path.string, .malformed("it does not begin as a TensorFlow Lite model"))
    }
    var parser = try TFLiteParser(file)
    var translation = try TFLiteTranslation(try parser.model(), file)
    let graph = try translation.graph()
    return GraphModel(
      path: path.string, format: name, graph: graph,
      operatorSets: ["": TFLiteTranslation.version, TFLiteTranslation.domain: 1], files: [file],
      notes: translation.ranges.overlaps(),
      check: { () throws(FileError) in try file.checkUnchanged() })
  }
}
