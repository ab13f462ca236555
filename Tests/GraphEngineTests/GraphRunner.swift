import AlbertBytes
import AlbertGraphEngine
import AlbertGraphs
import AlbertTensors

/// Graphs in memory, and their results.
enum GraphRunner {
  /// A model of a graph that no file holds.
  static func model(_ graph: Graph) -> GraphModel {
    GraphModel(
      path: "graph", format: "test", graph: graph, operatorSets: [:], files: [],
      check: { () throws(FileError) in })
  }

  /// The results of one operator.
  static func run(
    _ operation: String, _ inputs: [GraphValue?], _ attributes: [String: GraphAttribute] = [:],
    version: Int = 21, outputs: Int = 1, mode: GraphMode = .float64
  ) throws(FileError) -> [GraphValue] {
    let given = inputs.enumerated().filter { $0.element != nil }
    let node = GraphNode(
      name: "n", operation: operation, version: version,
      inputs: inputs.enumerated().map { $0.element == nil ? "" : "in\($0.offset)" },
      outputs: (0..<outputs).map { "out\($0)" }, attributes: attributes)
    let graph = Graph(
      nodes: [node], inputs: given.map { GraphPort(name: "in\($0.offset)") },
      outputs: (0..<outputs).map { GraphPort(name: "out\($0)") })
    var values: [String: GraphValue] = [:]
    for (index, value) in given { values["in\(index)"] = value }
    return try GraphEngine(model(graph), mode: mode).run(values)
  }

  static func floats(_ values: [Double], _ shape: [Int]) -> GraphValue {
    GraphValue(values, .float32, Shape(shape))
  }

  static func integers(_ values: [Int], _ shape: [Int]? = nil) -> GraphValue {
    GraphValue(values.map(Int64.init), .int64, Shape(shape ?? [values.count]))
  }
}

extension GraphValue {
  var integers: [Int64] { if case .integers(let values) = storage { values } else { [] } }
}
