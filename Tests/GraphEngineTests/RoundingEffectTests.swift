import AlbertBytes
import AlbertGraphs
import AlbertTensors
import AlbertTestSupport
import Testing

@testable import AlbertGraphEngine

/// What is said of numbers that Float32 moves over a boundary between integers.
@Suite struct RoundingEffectTests {
  private static func node(
    _ operation: String, _ inputs: [String], _ output: String, domain: String = "",
    _ attributes: [String: GraphAttribute] = [:]
  ) -> GraphNode {
    GraphNode(
      name: output, operation: operation, domain: domain, version: 21, inputs: inputs,
      outputs: [output], attributes: attributes)
  }

  /// (x + y) + z as integers of scale 1: with x = 1, y = 2^-24 and z = -0.5 the sum is just above a half,
  /// and a half where Float32 loses y.
  private static func model(_ nodes: [GraphNode]) -> GraphModel {
    let names = ["x", "y", "z", "scale", "zero"]
    let sums = [node("Add", ["x", "y"], "sum"), node("Add", ["sum", "z"], "all")]
    return GraphRunner.model(
      Graph(
        nodes: sums + nodes, inputs: names.map { GraphPort(name: $0) },
        outputs: [GraphPort(name: nodes.last?.outputs.first ?? "")]))
  }

  private static func inputs(_ first: [Double]) -> [String: GraphValue] {
    let shape = [first.count]
    let tiny = [Double](repeating: 0x1p-24, count: first.count)
    return [
      "x": GraphRunner.floats(first, shape), "y": GraphRunner.floats(tiny, shape),
      "z": GraphRunner.floats([-0.5], [1]), "scale": GraphRunner.floats([1], []),
      "zero": GraphValue([Int64(3)], .uint8, Shape([])),
    ]
  }

  private static func effect(
    _ nodes: [GraphNode], _ first: [Double], mode: GraphMode = .float64
  ) throws(FileError) -> RoundingEffect? {
    try GraphEngine(model(nodes), mode: mode).runCounting(
      inputs(first), budget: 1, observer: WorkObserver()
    ).effect
  }

  private static let quantize = node("QuantizeLinear", ["all", "scale", "zero"], "integers")

  @Test func aNumberBesideABoundaryIsCounted() throws {
    // Of 3 the quotient is Float32 in both runs, and has no place for y.
    let effect = try #require(try Self.effect([Self.quantize], [1, 7.25, 3, 100]))
    #expect(effect.compared == 4)
    #expect(effect.moved == 1)
    #expect(effect.largestStep == 1)
    #expect(effect.firstNode == "integers")
  }

  @Test func whatMovesNothingIsSaidToo() throws {
    let effect = try #require(try Self.effect([Self.quantize], [2.25, 8]))
    #expect(effect.compared == 2)
    #expect(effect.moved == 0)
    #expect(effect.firstNode == nil)
  }

  @Test func aGraphThatRoundsNothingOrAnywayHasNone() throws {
    #expect(try Self.effect([Self.node("Neg", ["all"], "less")], [1]) == nil)
    #expect(try Self.effect([Self.quantize], [1], mode: .declared) == nil)
  }

  @Test func whatRoundsWithinAnOperatorCountsToo() throws {
    #expect(try Self.effect([Self.node("Round", ["all"], "whole")], [1, 2])?.moved == 1)
    let dynamic = try #require(
      try Self.effect([Self.node("DynamicQuantizeLinear", ["all"], "bytes")], [1, 2, 256]))
    #expect(dynamic.compared == 3)
    let added = Self.node(
      "QLinearAdd", ["integers", "scale", "zero", "integers", "scale", "zero", "scale", "zero"],
      "twice", domain: "com.microsoft")
    // Each sum of two that moved moved by two.
    let twice = try #require(try Self.effect([Self.quantize, added], [1, 7.25]))
    #expect(twice.compared == 4)
    #expect(twice.moved == 2)
    #expect(twice.largestStep == 2)
  }

  /// The count is that of the two runs, value by value.
  @Test(arguments: ["int8-qdq", "int8-dynamic", "int8-qoperator"])
  func realGraphsAreCountedAsTheirRunsDiffer(name: String) throws {
    let model = try GraphRegistry.open(PackageFiles.fixtures.appending("graphs/\(name).onnx"))
    var inputs: [String: GraphValue] = [:]
    for port in model.graph.inputs {
      let isMask = port.name.contains("mask")
      let isWords = port.name == "input_ids"
      let numbers = (0..<12).map { index -> Int64 in
        isMask ? 1 : isWords ? Int64(2 + index * 5 % 17) : 0
      }
      inputs[port.name] = GraphValue(numbers, .int64, Shape([2, 6]))
    }
    let rounding: Set<String> = [
      "QuantizeLinear", "DynamicQuantizeLinear", "QLinearMatMul", "QLinearAdd", "QLinearMul",
      "QLinearSoftmax", "QLinearConcat", "QGemm", "QLinearSigmoid",
    ]
    func integers(_ mode: GraphMode) throws -> [[Int64]] {
      var found: [[Int64]] = []
      _ = try GraphEngine(model, mode: mode).run(inputs) { node, output, value in
        guard rounding.contains(node.operation), output == node.outputs.first else { return }
        found.append(value.integers)
      }
      return found
    }
    let (exact, declared) = (try integers(.float64), try integers(.declared))
    let pairs = zip(exact.joined(), declared.joined())
    let effect = try #require(
      try GraphEngine(model).runCounting(inputs, budget: 1, observer: WorkObserver()).effect)
    #expect(effect.compared == exact.joined().count)
    #expect(effect.compared > 1000)
    let differing = pairs.count { $0 != $1 }
    // Where a zero point moves too, the integers move with it, and what they stand for does not.
    #expect(name == "int8-dynamic" ? effect.moved <= differing : effect.moved == differing)
  }
}
