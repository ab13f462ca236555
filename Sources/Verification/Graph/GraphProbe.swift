package import AlbertArchitecture
package import AlbertBytes
package import AlbertGraphEngine
package import AlbertGraphs
package import AlbertReading
internal import AlbertTensors
package import SystemPackage

/// Inputs for a graph that comes without any.
package enum GraphProbe {
  /// Runs a graph on a short probe: of the ALBERT whose graph it is, else on made-up inputs, which are
  /// said.
  ///
  /// Throws what hinders the run, or why no inputs can be made up.
  package static func run<Result>(
    _ graph: GraphModel, _ path: FilePath, _ options: InspectionOptions,
    _ body: ([String: GraphValue]) throws(FileError) -> Result
  ) throws(FileError) -> (result: Result, findings: [Finding]) {
    if GraphFeed(graph).isALBERTs, let config = try Inspection.ifKnown(path, options)?.config {
      return (try body(try GraphFeed(graph).values(try inputs(graph, [config]))), [])
    }
    return try MadeInputs(graph).run(body)
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
