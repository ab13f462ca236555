internal import AlbertArchitecture
internal import AlbertBytes
package import AlbertGraphEngine
internal import AlbertGraphs

/// How a verification runs the subject's own graph, where its file is one.
package struct GraphOptions: Sendable {
  /// How values are held between nodes.
  package var mode = GraphMode.float64
  /// Whether it is run at all.
  package var isWanted = true
  /// Whether a graph that cannot be run is an error, and no mere warning.
  package var isRequired = false
  /// What outputs are where their names do not say so themselves: stages, or outputs of the other side where
  /// that is a graph or a file.
  package var names: [String: String] = [:]
  /// How many times the usual limits of elements and operations apply.
  package var budget = 1.0
  /// Whether it is held against what its own weights compute, and not against the reference's: of a
  /// conversion every weight was looked at before.
  var ownWeights = false

  /// The usual way.
  package init() {}

  /// The stages that outputs are, by their names.
  var map: [String: Stage] { names.compactMapValues(Stage.init(name:)) }

  /// Throws, as an error of `path`, where an output is said to be what is no stage of a model.
  func requireStages(_ path: String) throws(FileError) {
    guard let unknown = names.sorted(by: { $0.key < $1.key }).first(where: { map[$0.key] == nil })
    else { return }
    throw FileError(
      path, .unsupported("'\(unknown.value)', which is no stage of a model,"),
      remedy: "name one such as \(.map("\(unknown.key)=last_hidden_state"))")
  }

  /// The code of an error about an output that is mapped and not there.
  static let outputCode = "unknown-output"

  /// Throws where an output is mapped that the graph does not give: nothing would be held against it.
  static func check(_ map: some Collection<String>, of graph: GraphModel) throws(FileError) {
    let outputs = graph.graph.outputs.map(\.name)
    guard let unknown = map.sorted().first(where: { !outputs.contains($0) }) else { return }
    throw FileError(
      graph.path,
      .rejected(
        code: outputCode,
        message: "the graph has no output '\(unknown)'; it gives "
          + outputs.map { "'\($0)'" }.joined(separator: ", ")),
      remedy: "name one of these with \(.map())")
  }
}
