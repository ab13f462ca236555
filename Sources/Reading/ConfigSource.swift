/// Where a model's config was found.
package enum ConfigSource: Equatable, Sendable {
  /// In a file, beside the weights or named by the user.
  case file(String)
  /// In the checkpoint itself.
  case embedded
  /// In the graph of operations that the checkpoint holds.
  case graph
  /// In the shapes of the tensors.
  case inferred

  /// The word that JSON uses.
  package var word: String {
    switch self {
    case .file: "file"
    case .embedded: "embedded"
    case .graph: "graph"
    case .inferred: "inferred"
    }
  }
}
