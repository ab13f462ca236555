internal import AlbertArchives
package import AlbertBytes
package import SystemPackage

/// One kind of file that states a graph: how to know it and how to read it.
package protocol GraphFormat: SendableMetatype {
  /// The word for the format in reports, such as `onnx`.
  static var name: String { get }

  /// Whether a file is of this format; `head` holds its first bytes.
  static func claims(_ file: SourceFile, head: [UInt8]) throws(FileError) -> Bool

  /// The graph in the file at `path`, in ONNX's words; data of its tensors are read when they are wanted.
  static func open(_ path: FilePath) throws(FileError) -> GraphModel
}

/// All formats of graphs, and the way from a path to a graph.
package enum GraphRegistry {
  /// One line for each format, which is a folder of this module.
  private static let formats: [any GraphFormat.Type] = [
    ONNXImporter.self,
    TFLiteImporter.self,
  ]

  /// The graph at `path`: a file, or a folder or a name of the Hub's cache that holds one.
  ///
  /// Throws where there is none.
  package static func open(_ path: FilePath) throws(FileError) -> GraphModel {
    let file = try located(path)
    guard let format = try format(of: file) else {
      throw FileError(
        file.string,
        .wrongKind(expected: "a graph of operators", found: "a file that states none"),
        remedy: "name an ONNX or TensorFlow Lite file")
    }
    return try format.open(file)
  }

  /// Whether files of the format `name` are graphs.
  static func isFormat(_ name: String) -> Bool { formats.contains { $0.name == name } }

  private static func located(_ path: FilePath) throws(FileError) -> FilePath {
    if try path.found()?.type == .regular { return path }
    return try ArchiveRegistry.locate(path).path
  }

  private static func format(
    of path: FilePath
  ) throws(FileError) -> (any GraphFormat.Type)? {
    let file = try SourceFile(path)
    let head = try file.head(ArchiveRegistry.headSize)
    for format in formats where try format.claims(file, head: head) { return format }
    return nil
  }
}
