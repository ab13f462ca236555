package import AlbertBytes
package import AlbertTensors

/// A file's graph with what the file says besides.
package final class GraphModel: Sendable {
  /// The path that errors name.
  package let path: String
  /// The word for the file's format, such as `onnx`.
  package let format: String
  /// The computation, calls of the file's own functions expanded.
  package let graph: Graph
  /// The version of each set of operators, by domain; empty for ONNX's own.
  package let operatorSets: [String: Int]
  /// All files that belong to the graph, the one that was named first.
  package let files: [SourceFile]
  /// What a user should know of the file.
  package let notes: [ArchiveNote]
  private let check: @Sendable () throws(FileError) -> Void

  /// A graph that was read; `check` holds the files against what they state of themselves.
  package init(
    path: String, format: String, graph: Graph, operatorSets: [String: Int], files: [SourceFile],
    notes: [ArchiveNote] = [], check: @escaping @Sendable () throws(FileError) -> Void
  ) {
    self.path = path
    self.format = format
    self.graph = graph
    self.operatorSets = operatorSets
    self.files = files
    self.notes = notes
    self.check = check
  }

  /// Checks what can be checked only after all tensors were read, such as the files' own times.
  package func finish() throws(FileError) { try check() }
}
