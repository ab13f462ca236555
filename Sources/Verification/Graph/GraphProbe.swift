internal import AlbertArchitecture
package import AlbertBytes
package import AlbertReading
package import AlbertGraphEngine
package import AlbertGraphs
package import SystemPackage

/// Inputs for a graph that comes without any.
package enum GraphProbe {
  /// A short probe for the ALBERT whose graph it is.
  ///
  /// Throws where the graph is not an ALBERT's: what it takes is then unknown.
  package static func values(
    _ graph: GraphModel, _ path: FilePath, _ options: InspectionOptions
  ) throws(FileError) -> [String: GraphValue] {
    let config: AlbertConfig?
    do throws(FileError) {
      config = try Inspection.open(path, options).config
    } catch {
      config = nil
    }
    guard let config else {
      let names = graph.graph.inputs.map { "'\($0.name)'" }.joined(separator: ", ")
      throw FileError(
        graph.path, .missing("what the graph takes (\(names))"),
        remedy: "name a file with arrays of these names with \(.inputs)")
    }
    return try GraphFeed(graph).values(try inputs(graph, [config]))
  }

  /// A short probe for models of `configs`, of the size that the graph takes.
  static func inputs(
    _ graph: GraphModel, _ configs: [AlbertConfig]
  ) throws(FileError) -> ModelInputs {
    let feed = GraphFeed(graph)
    let fixed = feed.fixed
    guard
      let inputs = ProbeInputs.fitting(configs, sequences: fixed.sequences, tokens: fixed.tokens)
    else {
      throw FileError(
        graph.path,
        .limit(
          of: "the number of tokens that the graph takes", value: fixed.tokens ?? 0,
          most: configs.map(\.maxPositionEmbeddings).min() ?? 0))
    }
    return try feed.shaped(inputs)
  }
}
