import AlbertArchitecture
import AlbertBytes
import AlbertGraphEngine
import AlbertGraphs
import AlbertTensors
import Testing

@testable import AlbertVerification

/// Where a graph is said to leave the way of a reference.
@Suite struct GraphTraceTests {
  private static func node(_ operation: String, _ inputs: [String], _ output: String) -> GraphNode {
    GraphNode(
      name: "make \(output)", operation: operation, version: 17, inputs: inputs, outputs: [output])
  }

  /// embeddings → hidden → probabilities → last, each with a stored table.
  private static let graph = Graph(
    nodes: [
      node("Add", ["x", "table"], "embeddings"), node("MatMul", ["embeddings", "table"], "hidden"),
      node("Softmax", ["hidden"], "probabilities"),
      node("MatMul", ["probabilities", "table"], "last"),
    ], inputs: [GraphPort(name: "x")], outputs: [GraphPort(name: "last")],
    initializers: [
      "table": GraphTensor(name: "table", type: .float32, shape: Shape([2])) {
        () throws(FileError) in []
      }
    ])

  private static let landmarks = [
    Landmark(name: "embeddings", stage: .embeddings, nearest: .embeddings, layouts: [[1, 2]]),
    Landmark(
      name: "hidden", stage: .hiddenStates(0), nearest: .hiddenStates(0), layouts: [[3, 4]]),
    Landmark(
      name: "probabilities", stage: .attentions(0), nearest: .attentions(0),
      layouts: [[0.5, 0.5]]),
    Landmark(
      name: "last", stage: .lastHiddenState, nearest: .lastHiddenState, layouts: [[7, 8]]),
  ]

  private static func divergence(_ values: [[Double]]) -> GraphOutcome.Divergence? {
    var trace = GraphTrace(graph, landmarks, allowed: [1e-6, 1e-6, 1e-6, 1e-6])
    for (node, numbers) in zip(graph.nodes, values) {
      trace.take(node.outputs[0], GraphValue(numbers, .float32, Shape([numbers.count])))
    }
    return trace.divergence(to: ["last"])
  }

  @Test func theFirstWrongNodeIsNamed() throws {
    let found = try #require(Self.divergence([[1, 2], [3, 4], [0.4, 0.6], [7, 9]]))
    #expect(found.node == "make probabilities")
    #expect(found.stageBefore == .hiddenStates(0))
    #expect(found.expected == "probabilities")
  }

  /// Probabilities that hardly depend on anything come out right whatever went in.
  @Test func whatIsRightByChanceHidesNothing() throws {
    let found = try #require(Self.divergence([[1, 3], [3, 6], [0.5, 0.5], [7, 9]]))
    #expect(found.node == "make embeddings")
    #expect(found.stageBefore == nil)
    #expect(found.expected == "embeddings")
  }

  @Test func aFusedStepIsMissedByNobody() throws {
    // The embeddings are inside another node: what comes behind them is right all the same.
    let found = try #require(Self.divergence([[5, 5, 5], [3, 4], [0.4, 0.6], [7, 9]]))
    #expect(found.node == "make probabilities")
  }
}
