import AlbertBytes
import AlbertGraphs
import AlbertTensors
import Testing

@testable import AlbertGraphEngine

/// A graph's structure apart from what it rounds.
@Suite struct UnroundedTests {
  private static func node(
    _ operation: String, _ inputs: [String], _ outputs: String..., domain: String = "",
    with attributes: [String: GraphAttribute] = [:]
  ) -> GraphNode {
    GraphNode(
      name: operation, operation: operation, domain: domain, version: domain.isEmpty ? 21 : 1,
      inputs: inputs, outputs: outputs, attributes: attributes)
  }

  /// The first output's numbers, of values that all are inputs of the graph.
  private static func run(
    _ nodes: [GraphNode], _ values: [String: GraphValue], mode: GraphMode = .unrounded
  ) throws(FileError) -> [Double] {
    let graph = Graph(
      nodes: nodes, inputs: values.keys.sorted().map { GraphPort(name: $0) },
      outputs: [GraphPort(name: nodes.last?.outputs.first ?? "")])
    return try GraphEngine(GraphRunner.model(graph), mode: mode).run(values)[0].doubles
  }

  private static func bytes(_ values: [Int64], _ shape: [Int] = []) -> GraphValue {
    GraphValue(values, .uint8, Shape(shape))
  }

  private static func scale(_ value: Double) -> GraphValue { GraphRunner.floats([value], []) }

  private static let pair = [
    node("QuantizeLinear", ["x", "scale", "zero"], "q"),
    node("Transpose", ["q"], "moved"),
    node("DequantizeLinear", ["moved", "scale", "zero"], "y"),
  ]

  @Test func aPairGivesBackWhatItTook() throws {
    let x = GraphRunner.floats([0.123, -7, 1e-9, 300], [2, 2])
    let values = ["x": x, "scale": Self.scale(0.5), "zero": Self.bytes([7])]
    #expect(try Self.run(Self.pair, values) == [0.123, 1e-9, -7, 300])
    #expect(try Self.run(Self.pair, values, mode: .float64) == [0, 0, -3.5, 124])
  }

  /// A mask of -3e38 makes a range in whose steps scores are nothing.
  @Test func aWideRangeLosesNoSmallNumber() throws {
    let x = GraphRunner.floats([0.123, -3e38], [2, 1])
    let values = ["x": x, "scale": Self.scale(1.2e36), "zero": Self.bytes([255])]
    #expect(try Self.run(Self.pair, values) == [0.123, -3e38])
  }

  /// What turns numbers back otherwise than they were quantised is no rounding.
  @Test func otherScalesAndZeroPointsShow() throws {
    let nodes = [
      Self.pair[0], Self.node("DequantizeLinear", ["q", "other", "shifted"], "y"),
    ]
    let values = [
      "x": GraphRunner.floats([1, 2], [2]), "scale": Self.scale(0.5), "zero": Self.bytes([8]),
      "other": Self.scale(0.25), "shifted": Self.bytes([10]),
    ]
    #expect(try Self.run(nodes, values) == [0, 0.5])
  }

  /// Quantisers leave out a ReLU before a range from 0.
  @Test func aRangeFromZeroHoldsNothingNegative() throws {
    let values = [
      "x": GraphRunner.floats([-1, 2.1], [2]), "scale": Self.scale(0.5), "zero": Self.bytes([0]),
    ]
    #expect(
      try Self.run(
        [Self.pair[0], Self.node("DequantizeLinear", ["q", "scale", "zero"], "y")], values) == [
          0, 2.1,
        ])
  }

  @Test func placesOfAnAxisHaveTheirOwnScale() throws {
    let axis: [String: GraphAttribute] = ["axis": .integer(0)]
    let nodes = [
      Self.node("QuantizeLinear", ["x", "scales", "zeros"], "q", with: axis),
      Self.node("DequantizeLinear", ["q", "scales", "zeros"], "y", with: axis),
    ]
    let values = [
      "x": GraphRunner.floats([0.25, -3.5], [2]), "scales": GraphRunner.floats([1, 4], [2]),
      "zeros": Self.bytes([3, 9], [2]),
    ]
    #expect(try Self.run(nodes, values) == [0.25, -3.5])
  }

  private static let dynamic = [
    node("DynamicQuantizeLinear", ["x"], "q", "scale", "zero"),
    node("MatMulInteger", ["q", "w", "zero", "wzero"], "sums"),
    node("Cast", ["sums"], "numbers", with: ["to": .integer(GraphType.float32.code)]),
    node("Mul", ["scale", "wscale"], "factor"),
    node("Mul", ["numbers", "factor"], "y"),
  ]

  private static let weights = [
    "x": GraphRunner.floats([0.11, -0.72, 3.3], [1, 3]), "w": bytes([12, 200, 7], [3, 1]),
    "wzero": bytes([10]), "wscale": scale(0.5),
  ]

  /// x W with W = (1, 95, -1.5).
  private static let product = 0.11 - 0.72 * 95 - 3.3 * 1.5

  @Test func aProductOfIntegersIsThatOfNumbers() throws {
    let y = try Self.run(Self.dynamic, Self.weights)
    #expect(abs(y[0] - Self.product) < 1e-12)
    let rounded = try Self.run(Self.dynamic, Self.weights, mode: .float64)
    #expect(abs(rounded[0] - Self.product) > 1e-3)
    let joint = Self.node(
      "DynamicQuantizeMatMul", ["x", "w", "wscale", "wzero"], "y", domain: "com.microsoft")
    #expect(abs(try Self.run([joint], Self.weights)[0] - Self.product) < 1e-12)
  }

  @Test func aZeroPointThatIsMissingShows() throws {
    var nodes = Self.dynamic
    nodes[1] = nodes[1].taking("", at: 2)
    #expect(abs(try Self.run(nodes, Self.weights)[0] - Self.product) > 1)
  }

  /// Operators between quantised values are the plain ones.
  @Test(arguments: [
    ("QLinearAdd", ["q", "scale", "zero", "q", "scale", "zero", "out", "zero"], [-2, 0.2, 6.6]),
    ("QLinearMul", ["q", "scale", "zero", "q", "scale", "zero", "out", "zero"], [1, 0.01, 10.89]),
    (
      "QLinearSigmoid", ["q", "scale", "zero", "out", "zero"],
      [0.268941421, 0.524979187, 0.964428811]
    ),
    (
      "QLinearSoftmax", ["q", "scale", "zero", "out", "zero"],
      [0.012869357, 0.038661685, 0.948468958]
    ),
    ("QLinearConcat", ["out", "zero", "q", "scale", "zero"], [-1, 0.1, 3.3]),
  ])
  func elementsAreThoseOfThePlainOperator(
    operation: String, inputs: [String], expected: [Double]
  ) throws {
    let values = [
      "x": GraphRunner.floats([-1, 0.1, 3.3], [3]), "scale": Self.scale(0.7),
      "out": Self.scale(0.4), "zero": Self.bytes([5]),
    ]
    let settings: [String: GraphAttribute] =
      operation == "QLinearConcat" ? ["axis": .integer(0)] : [:]
    let y = try Self.run(
      [
        Self.pair[0], Self.node(operation, inputs, "z", domain: "com.microsoft", with: settings),
        Self.node("DequantizeLinear", ["z", "out", "zero"], "y"),
      ], values)
    for (number, expected) in zip(y, expected) { #expect(abs(number - expected) < 1e-6) }
    #expect(y.count == 3)
  }

  @Test func castsRoundNothing() throws {
    let nodes = [
      Self.node("Cast", ["x"], "half", with: ["to": .integer(GraphType.float16.code)]),
      Self.node("Cast", ["half"], "y", with: ["to": .integer(GraphType.float32.code)]),
    ]
    #expect(try Self.run(nodes, ["x": GraphRunner.floats([0.123], [1])]) == [0.123])
  }

  /// A number that was never quantised is not taken for one that was.
  @Test func integersAreStillWanted() {
    let error = #expect(throws: FileError.self) {
      try Self.run(
        [Self.node("DequantizeLinear", ["x", "scale"], "y")],
        ["x": GraphRunner.floats([1], [1]), "scale": Self.scale(1)])
    }
    #expect(error?.message.contains("input 0 is not quantised") == true)
  }
}
