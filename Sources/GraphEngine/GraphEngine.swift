package import AlbertBytes
package import AlbertGraphs
internal import AlbertTensors

/// Runs a file's own graph, without any runtime.
package struct GraphEngine: Sendable {
  /// The code of the error that a node cannot be computed as the file states it.
  package static let nodeCode = "graph-node"
  /// The code of errors of graphs that were exported as they are trained.
  package static let trainingCode = "graph-training"

  /// The graph.
  package let model: GraphModel
  /// How values are held between nodes.
  package let mode: GraphMode

  /// Prepares a run.
  ///
  /// Throws where an operator or its version is not computed here, and names all of those.
  package init(_ model: GraphModel, mode: GraphMode = .float64) throws(FileError) {
    self.model = model
    self.mode = mode
    let missing = Self.missing(in: model.graph)
    guard missing.isEmpty else {
      let noun = missing.count == 1 ? "the operator" : "the operators"
      throw FileError(
        model.path, .unsupported("computing \(noun) \(missing.joined(separator: ", "))"),
        remedy: "export the model with other operators")
    }
  }

  /// Operators that are not computed here, each with its version and the number of its nodes.
  package static func missing(in graph: Graph) -> [String] {
    var counts: [String: Int] = [:]
    func count(_ graph: Graph) {
      for node in graph.nodes {
        if OperatorTable.find(node) == nil {
          counts["\(node.qualifiedOperation) (version \(node.version))", default: 0] += 1
        }
        node.graphs.forEach(count)
      }
    }
    count(graph)
    return counts.ordered(by: \.key).map { name, count in
      count == 1 ? name : "\(name), \(count) nodes"
    }
  }

  /// Runs the graph on values by the names of its inputs, and returns its outputs in order.
  ///
  /// `take` is told of each value of a node as soon as it is there, in the order of the nodes; values
  /// of graphs within nodes are left out. `rounded` is told of the integers that numbers are rounded to,
  /// less their zero points. `budget` is how many times the usual limits apply.
  package func run(
    _ inputs: [String: GraphValue], budget factor: Double = 1,
    observer: WorkObserver = WorkObserver(),
    take: @escaping (GraphNode, String, GraphValue) throws(FileError) -> Void = { _, _, _ in },
    rounded: ((GraphNode, [Int64]) -> Void)? = nil
  ) throws(FileError) -> [GraphValue] {
    let checked = try GraphInputs(model).check(inputs)
    let count = checked.values.reduce(0) { $0 + $1.count }
    let evaluation = Evaluation(
      path: model.path, mode: mode,
      budget: EvaluationBudget(model.graph, inputElements: count, factor: factor),
      nodeCount: model.graph.nodes.count, observer: observer, rounded: rounded, take: take)
    let outputs = try evaluation.run(model.graph, checked)
    try model.finish()
    return outputs
  }
}
