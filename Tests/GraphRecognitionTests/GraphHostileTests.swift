import AlbertBytes
import AlbertTensors
import Testing

@testable import AlbertGraphRecognition

/// Graphs that no exporter writes must neither hang nor trap.
@Suite struct GraphHostileTests {
  private func readings(_ graph: OperatorGraph) throws -> [GraphReading] {
    try GraphReader.readings(of: graph) { (_, _) throws(FileError) in }
  }

  /// A LayerNorm over what `value` gives.
  private func norm(_ g: inout GraphBuilder, over value: String) -> String {
    g("LayerNormalization", value, g.constant([8]), g.constant([8]))
  }

  @Test(.timeLimit(.minutes(1))) func sumsThatDoubleEnd() throws {
    for operation in ["Add", "Mul", "Where", "Einsum", "Max"] {
      var g = GraphBuilder()
      var value = g.x
      for _ in 0..<2000 { value = g(operation, value, value) }
      _ = norm(&g, over: value)
      let scores = g("Softmax", value)
      let product = g("MatMul", scores, value)
      _ = norm(&g, over: g("Add", g("MatMul", product, g.constant([8, 8])), value))
      _ = g("Tanh", value)
      #expect(try readings(g.graph).isEmpty)
      #expect(!GraphReader.obstacle(in: g.graph).isEmpty)
    }
  }

  @Test(.timeLimit(.minutes(1))) func circlesEnd() throws {
    for operation in ["Identity", "Add", "Reshape", "Transpose", "Mul", "MatMul", "Sub", "Sqrt"] {
      var g = GraphBuilder()
      let first = g(operation, "later", g.x)
      let second = g(operation, first, first)
      g.close(operation, [second, first], as: "later")
      _ = norm(&g, over: "later")
      let table = g.constant([8, 8])
      let row = g("Gather", table, "later")
      _ = norm(&g, over: g("Add", row, g("Gather", table, g.x)))
      _ = g("Tanh", g("Add", g("MatMul", second, g.constant([8, 8])), g.constant([8])))
      _ = try readings(g.graph)
    }
  }

  @Test(.timeLimit(.minutes(1))) func longChainsEnd() throws {
    for operation in ["Identity", "Reshape", "Relu", "Gather"] {
      var g = GraphBuilder()
      var value = g.x
      for _ in 0..<20_000 { value = g(operation, value) }
      let embedded = g("Gather", g.constant([8, 8]), value)
      _ = norm(&g, over: embedded)
      #expect(try readings(g.graph).isEmpty)
    }
  }

  @Test func emptyAndOddShapesAreNoModel() throws {
    var g = GraphBuilder()
    let empty = g.constant([0, 0])
    let vector = g.constant([0])
    let rows = g("Gather", empty, g.x)
    let embedded = g("LayerNormalization", rows, vector, vector)
    let projected = g("Add", g("MatMul", embedded, empty), vector)
    _ = g("LayerNormalization", g("Add", projected, embedded), vector, vector)
    #expect(try readings(g.graph).isEmpty)
    let nothing = try #require(OperatorGraph(nodes: [], inputs: [], outputs: [], constants: [:]))
    #expect(try readings(nothing).isEmpty)
    #expect(GraphReader.obstacle(in: nothing) == "it holds no LayerNorm")
    for operation in ["If", "Loop", "Scan"] {
      var holder = GraphBuilder()
      _ = holder(operation, holder.x)
      #expect(
        GraphReader.obstacle(in: holder.graph).contains("('\(operation)'), which are not searched"))
    }
  }
}
