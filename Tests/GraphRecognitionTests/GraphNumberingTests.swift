import AlbertArchitecture
import AlbertTensors
import Testing

@testable import AlbertGraphRecognition

@Suite struct GraphNumberingTests {
  private func ways(_ uses: [Int]) -> [[Int]] {
    GraphNumbering.candidates(uses).map { [$0.innerLayers] + $0.groups }
  }

  @Test func usesDivideIntoLayersAndGroups() {
    #expect(ways([0]) == [[1, 0]])
    #expect(ways([0, 0, 0]) == [[1, 0, 0, 0]])
    #expect(ways([0, 0, 1, 1]) == [[1, 0, 0, 1, 1]])
    // Two inner layers in turn cannot be anything else.
    #expect(ways([0, 1, 0, 1]) == [[2, 0, 0]])
    #expect(ways([0, 1, 0, 1, 2, 3, 2, 3]) == [[2, 0, 0, 1, 1]])
    // All different: open.
    #expect(ways([0, 1]) == [[1, 0, 1], [2, 0]])
    #expect(ways([0, 1, 2, 3]) == [[1, 0, 1, 2, 3], [2, 0, 1], [4, 0]])
    // No publisher's map goes back to a group.
    #expect(ways([0, 1, 0]) == [])
    #expect(ways([]) == [])
  }

  @Test func labelsBreakTies() {
    let labels: [(group: Int, inner: Int)?] = [(0, 0), (0, 1), (1, 0), (1, 1)]
    let none: [(group: Int, inner: Int)?] = [nil, nil, nil, nil]
    func best(_ labels: [(group: Int, inner: Int)?], _ others: [(group: Int, inner: Int)?]) -> Int {
      GraphNumbering.best(
        for: [0, 1, 2, 3], labels: labels, tensorLabels: others, innerLayers: nil
      ).innerLayers
    }
    #expect(best(labels, none) == 2)
    #expect(best(none, labels) == 2)
    #expect(best(none, none) == 1)
    let asked = GraphNumbering.best(
      for: [0, 1, 2, 3], labels: labels, tensorLabels: none, innerLayers: 4)
    #expect(asked.innerLayers == 4)
    let back = GraphNumbering.best(
      for: [0, 1, 0], labels: [nil, nil, nil], tensorLabels: [nil, nil, nil], innerLayers: nil)
    #expect(back == GraphNumbering(innerLayers: 1, groups: [0, 1, 0]))
  }

  @Test func namesOfAllUsesDecide() {
    func stated(_ labels: [(group: Int, inner: Int)?], _ uses: [Int]) -> [Int]? {
      GraphNumbering(labels, uses: uses).map { [$0.innerLayers] + $0.groups }
    }
    // A map that goes back to a group, which contents alone would take for two inner layers.
    #expect(stated([(0, 0), (1, 0), (0, 0), (1, 0)], [0, 1, 0, 1]) == [1, 0, 1, 0, 1])
    #expect(
      stated([(0, 0), (0, 1), (1, 0), (1, 1), (0, 0), (0, 1)], [0, 1, 2, 3, 0, 1])
        == [2, 0, 1, 0])
    // Two groups that hold the same numbers remain two.
    #expect(stated([(0, 0), (1, 0)], [0, 0]) == [1, 0, 1])
    // One name for different weights, inner layers out of order, a group or a name that is missing.
    #expect(stated([(0, 0), (0, 0)], [0, 1]) == nil)
    #expect(stated([(0, 1), (0, 0)], [0, 1]) == nil)
    #expect(stated([(0, 0), (2, 0)], [0, 1]) == nil)
    #expect(stated([(0, 0), nil], [0, 1]) == nil)
    #expect(stated([(0, 0), (0, 1), (1, 0)], [0, 1, 2]) == nil)
    #expect(stated([(0, Int.max)], [0]) == nil)
    #expect(stated([(Int.max, 0)], [0]) == nil)
    #expect(stated([], []) == nil)
  }

  @Test func labelsAreReadOffNames() throws {
    let name = "/albert/encoder/albert_layer_groups.12/albert_layers.3_1/ffn/MatMul"
    let label = try #require(GraphNumbering.label(in: name))
    #expect(label == (12, 3))
    #expect(GraphNumbering.label(in: "node_MatMul_159") == nil)
    #expect(GraphNumbering.label(in: "albert_layer_groups.x.albert_layers.0") == nil)
  }

  @Test func epsilonsAreTheDecimalsThatSomebodyWrote() {
    #expect(GraphAssembly.decimal(Double(Float(1e-12))) == 1e-12)
    #expect(GraphAssembly.decimal(Double(Float(1e-5))) == 1e-5)
    #expect(GraphAssembly.decimal(1.0004e-12) == 1e-12)
    #expect(GraphAssembly.decimal(Double(Float(1.5e-6))) == 1.5e-6)
    #expect(GraphAssembly.decimal(0) == 0)
    // The nearest of float16, of which 1e-6 is no multiple of the least step.
    #expect(GraphAssembly.decimal(17 * 0x1p-24, of: .float16) == 1e-6)
    #expect(GraphAssembly.decimal(17 * 0x1p-24) == Double("\(Float(17 * 0x1p-24))"))
    #expect(GraphAssembly.decimal(25 * 0x1p-24, of: .float16) == Double("\(Float(25 * 0x1p-24))"))
  }

  @Test func activationsAreKnownByTheirValues() {
    #expect(GraphActivation.known(GraphActivation.geluErf) == .geluErf)
    #expect(GraphActivation.known(GraphActivation.geluTanh) == .geluTanh)
    #expect(GraphActivation.known { max(0, $0) } == .relu)
    // Shifted by less than the two forms of GELU differ.
    #expect(GraphActivation.known { GraphActivation.geluTanh($0) * 1.00005 } == .geluTanh)
    #expect(GraphActivation.known { $0 } == nil)
    #expect(GraphActivation.known { max(0, $0) + 0.03 } == nil)
    #expect(GraphActivation.known { _ in nil } == nil)
    #expect(GraphActivation.known { _ in .nan } == nil)
  }

  /// PyTorch exports a model of bfloat16 with factors that move its GELU as far as the other form lies.
  @Test func activationsAreKnownByFactorsOfHalfPrecision() {
    let rounded: [(ElementType, cubic: Double, outer: Double)] = [
      (.bfloat16, 0.044677734375, 0.796875), (.float16, 0.044708251953125, 0.7978515625),
    ]
    for (type, cubic, outer) in rounded {
      var g = GraphBuilder()
      let x = g.x
      let power = g("Pow", x, g.number(3))
      let inner = g("Add", x, g("Mul", power, g.constant([], values: [cubic], type: type)))
      let scaled = g("Mul", inner, g.constant([], values: [outer], type: type))
      let sum = g("Add", g("Tanh", scaled), g.number(1))
      let value = g("Mul", g("Mul", x, g.number(0.5)), sum)
      #expect(g.activation(from: x, to: value) == "gelu_tanh")
    }
    let other = GraphConstant(
      tensor: TensorDescription(name: "c", type: .bfloat16, shape: Shape([])), values: [0.796875])
    #expect(other.meant(-0.796875) == -(2 / Double.pi).squareRoot())
    #expect(other.meant(0.79296875) == 0.79296875)
  }
}
