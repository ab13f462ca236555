internal import AlbertArchitecture
package import AlbertBytes
package import AlbertReading
package import AlbertGraphEngine
package import AlbertGraphs
internal import AlbertTensors
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

  /// The most tokens of a probe for a graph that takes a fixed number.
  private static let maxTokens = 1 << 14

  /// A short probe for a transformer of which nothing is known: ids from all over its vocabulary, and padding
  /// at the end of the last row.
  static func inputs(_ graph: GraphModel) throws(FileError) -> ModelInputs {
    let feed = GraphFeed(graph)
    let fixed = feed.fixed
    let (sequences, tokens) = (fixed.sequences ?? 2, fixed.tokens ?? 8)
    guard sequences > 0, tokens > 0, let count = sequences.multiplied(by: tokens),
      count <= maxTokens
    else {
      throw FileError(
        graph.path, .unsupported("a probe of as many tokens as the graph takes"),
        remedy: "name a file of inputs with \(.inputs)")
    }
    // The table that the ids are looked up in; small ids where that is not seen.
    let words = feed.vocabulary ?? 8
    let ids = (0..<count).map { ($0 % words * max(1, words / count) + $0 / words) % words }
    let mask = (0..<count).map { $0 < count - tokens / 2 ? 1 : 0 }
    let inputs: ModelInputs
    do throws(InputProblem) {
      inputs = try ModelInputs(
        inputIDs: ids, shape: Shape([sequences, tokens]), attentionMask: mask)
    } catch {
      throw error.fileError(path: graph.path)
    }
    return try feed.shaped(inputs)
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
