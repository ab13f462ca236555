import AlbertBytes
import AlbertGraphs
import AlbertTensors
import Testing

@testable import AlbertGraphEngine

/// Where graphs of float16 are rounded as onnxruntime rounds them on a processor.
@Suite struct HalfPrecisionTests {
  /// 1 + 3 x 2^-12 by three sums, the first of which goes through `moves`.
  private static func sum(
    _ moves: [String], mode: GraphMode = .declared
  ) throws(FileError) -> Double {
    var nodes: [GraphNode] = []
    var value = "x"
    func add(_ operation: String, _ others: [String], _ name: String) {
      nodes.append(
        GraphNode(
          name: name, operation: operation, version: 21, inputs: [value] + others, outputs: [name]))
      value = name
    }
    add("Add", ["y"], "first")
    for (index, operation) in moves.enumerated() { add(operation, [], "moved\(index)") }
    add("Add", ["y"], "second")
    add("Add", ["y"], "third")
    let graph = Graph(
      nodes: nodes, inputs: [GraphPort(name: "x"), GraphPort(name: "y")],
      outputs: [GraphPort(name: value)])
    return try GraphEngine(GraphRunner.model(graph), mode: mode).run([
      "x": GraphValue([1.0], .float16, Shape([1])),
      "y": GraphValue([0x1p-12], .float16, Shape([1])),
    ])[0].doubles[0]
  }

  @Test func sumsAreNotRoundedBetweenEachOther() throws {
    #expect(try Self.sum([]) == 1 + 0x1p-10)
    #expect(try Self.sum([], mode: .float64) == 1 + 3 * 0x1p-12)
  }

  /// A move alone is made in Float32; two in a row are made in float16, which loses what is beyond it.
  @Test func movesRoundWhereTheyAreNotAlone() throws {
    #expect(try Self.sum(["Identity"]) == 1 + 0x1p-10)
    #expect(try Self.sum(["Identity", "Transpose"]) == 1)
  }
}
