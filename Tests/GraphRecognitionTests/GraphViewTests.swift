import AlbertArchitecture
import AlbertTensors
import Testing

@testable import AlbertGraphRecognition

@Suite struct GraphViewTests {
  private static let forms = [
    "one operator", "division by a root", "product with a reciprocal", "power", "factored",
    "with casts", "square by product", "with quantisation",
  ]

  /// Keras 3's form, and one whose mean is multiplied by something else.
  @Test(arguments: [true, false]) func theMeanOfAFactoredNormIsTimesTheFactor(_ isRight: Bool) {
    var g = GraphBuilder()
    let (weight, bias) = (g.constant([8]), g.constant([8]))
    let mean = g("GlobalAveragePool", g.x)
    let centred = g("Sub", g.x, mean)
    let variance = g("GlobalAveragePool", g("Mul", centred, centred))
    let inverse = g("Reciprocal", g("Sqrt", g("Add", variance, g.number(0.25))))
    let factor = g("Mul", inverse, weight)
    let shift = g("Add", g("Mul", g("Neg", mean), isRight ? factor : inverse), bias)
    let value = g("Add", g("Mul", g.x, factor), shift)
    let norm = g.norm(value)
    #expect(norm?.epsilon == (isRight ? 0.25 : nil))
    #expect(norm?.weight == (isRight ? weight : nil) && norm?.bias == (isRight ? bias : nil))
  }

  /// What onnxruntime's static quantiser measures of a mask of -inf.
  @Test(arguments: [Double.infinity, 0.5]) func aScaleThatIsNoNumberIsTold(_ scale: Double) {
    var g = GraphBuilder()
    let name = g.constant([], values: [scale])
    _ = g("DequantizeLinear", g("QuantizeLinear", g.x, name), name)
    let findings = GraphRounding(g.view).findings
    #expect(findings.contains { $0.code == "activations-quantized" })
    let message = findings.first { $0.code == "scale-not-finite" }?.message
    #expect(message?.contains("no finite numbers (\(name))") == (scale == 0.5 ? nil : true))
  }

  /// LayerNorms as exporters write them, all with epsilon 0.25.
  @Test(arguments: forms) func layerNormsAreRecognised(_ form: String) throws {
    var g = GraphBuilder()
    let weight = g.constant([8])
    let bias = g.constant([8])
    let x = form == "with casts" ? g("Cast", g.x) : g.x
    func mean(_ value: String) -> String { g("ReduceMean", value) }
    func variance(_ centred: String) -> String {
      let square =
        form == "square by product"
        ? g("Mul", centred, centred) : g("Pow", centred, g.number(2))
      return g("Add", mean(form == "with casts" ? g("Cast", square) : square), g.number(0.25))
    }
    let result: String
    switch form {
    case "one operator":
      result = g("LayerNormalization", x, weight, bias, attributes: ["epsilon": .number(0.25)])
    case "product with a reciprocal":
      let centred = g("Sub", x, mean(x))
      let inverse = g("Reciprocal", g("Sqrt", variance(centred)))
      result = g("Add", bias, g("Mul", weight, g("Mul", inverse, centred)))
    case "power":
      let centred = g("Sub", x, mean(x))
      let inverse = g("Pow", variance(centred), g.number(-0.5))
      result = g("Add", g("Mul", g("Mul", centred, inverse), weight), bias)
    case "factored":
      let average = mean(x)
      let inverse = g("Reciprocal", g("Sqrt", variance(g("Sub", x, average))))
      let factor = g("Mul", inverse, weight)
      result = g("Add", g("Mul", x, factor), g("Sub", bias, g("Mul", average, factor)))
    case "with quantisation":
      func through(_ value: String) -> String {
        let scale = g.number(0.01)
        return g("DequantizeLinear", g("QuantizeLinear", value, scale), scale)
      }
      let centred = through(g("Sub", through(x), through(mean(through(x)))))
      let normal = g("Div", centred, through(g("Sqrt", variance(centred))))
      result = g("Add", through(g("Mul", normal, weight)), bias)
    default:
      let centred = g("Sub", x, mean(x))
      result = g("Add", g("Mul", g("Div", centred, g("Sqrt", variance(centred))), weight), bias)
    }
    let norm = try #require(g.norm(result))
    #expect(norm.inputs == ["x"])
    #expect(norm.weight == weight)
    #expect(norm.bias == bias)
    #expect(norm.epsilon == 0.25)
  }

  @Test func whatIsNoLayerNormIsNone() {
    var g = GraphBuilder()
    func expectNone(_ value: String) { #expect(g.norm(value) == nil, "\(value)") }
    let weight = g.constant([8])
    let bias = g.constant([8])
    let other = g("Relu", g.x)
    let centred = g("Sub", g.x, g("ReduceMean", other))
    let variance = g("ReduceMean", g("Pow", centred, g.number(2)))
    let root = g("Sqrt", g("Add", variance, g.number(0.25)))
    // The mean of something else.
    expectNone(g("Add", g("Mul", g("Div", centred, root), weight), bias))
    // No root at all.
    let plain = g("Sub", g.x, g("ReduceMean", g.x))
    expectNone(g("Add", g("Mul", g("Div", plain, variance), weight), bias))
    expectNone(g("LayerNormalization", g.x, weight))
    let axis: [String: OperatorAttribute] = ["axis": .integer(1)]
    expectNone(g("LayerNormalization", g.x, weight, bias, attributes: axis))
  }

  @Test func linearLayersAreRecognisedWithTheirLayout() throws {
    var g = GraphBuilder()
    let matrix = g.constant([4, 6])
    let other = g.constant([6, 4])
    let bias = g.constant([6])
    let flipped: [String: OperatorAttribute] = ["transB": .integer(1)]
    let results: [(String, String, Layout)] = [
      (g("Add", g("MatMul", g.x, matrix), bias), matrix, .transposed),
      (g("Add", bias, g("MatMul", g.x, matrix)), matrix, .transposed),
      (g("Add", g("MatMul", g.x, g("Transpose", other)), bias), other, .canonical),
      (g("Gemm", g.x, other, bias, attributes: flipped), other, .canonical),
      (g("Gemm", g.x, matrix, bias), matrix, .transposed),
      (g("Add", g("FusedMatMul", g.x, other, attributes: flipped), bias), other, .canonical),
      (
        g("Add", g("MatMul", g.x, g("Transpose", g("Transpose", matrix))), bias), matrix,
        .transposed
      ),
      (g("Add", g("MatMul", g.x, g("Identity", g("Cast", matrix))), bias), matrix, .transposed),
    ]
    for (value, tensor, layout) in results {
      let linear = try #require(g.view.linear(value), "\(value)")
      #expect(linear.input == "x")
      #expect(linear.weight.tensor == tensor)
      #expect(linear.weight.layout == layout)
      #expect(linear.weight.inputs == 4)
      #expect(linear.weight.outputs == 6)
      #expect(linear.bias == bias)
    }
    let others = [
      g("Gemm", g.x, matrix, attributes: ["alpha": .number(2)]),
      g("MatMul", g.x, g("Relu", g.x)), g("Add", g.x, bias),
    ]
    for value in others { #expect(g.view.linear(value) == nil, "\(value)") }
  }

  @Test func sumsOverHeadsAreLinearLayers() throws {
    var g = GraphBuilder()
    func einsum(_ equation: String, _ matrix: String) -> GraphLinear? {
      let value = g("Einsum", g.x, matrix, attributes: ["equation": .text(equation)])
      return g.view.linear(value)
    }
    let output = g.constant([2, 3, 5])
    let joined = try #require(einsum("bfnd,ndh->bfh", output))
    #expect(
      joined.weight == GraphWeight(tensor: output, layout: .inputHeads, inputs: 6, outputs: 5))
    let split = try #require(einsum("abc, cde -> abde", output))
    #expect(
      split.weight == GraphWeight(tensor: output, layout: .outputHeads, inputs: 2, outputs: 15))
    let matrix = g.constant([5, 6])
    let shape = g.constant([3], values: [2, 3, 5], type: .int64)
    let folded = try #require(einsum("bfnd,ndh->bfh", g("Reshape", g("Transpose", matrix), shape)))
    #expect(folded.weight == GraphWeight(tensor: matrix, layout: .canonical, inputs: 6, outputs: 5))
    #expect(einsum("bfnd,dnh->bfh", output) == nil)
    #expect(einsum("bfnd,ndh", output) == nil)
    #expect(einsum("...d,dnh->...nh", output) == nil)
  }

  @Test func activationsAreRecognisedInEveryForm() {
    var g = GraphBuilder()
    let x = g.x
    func expect(_ end: String, _ word: String?) {
      #expect(g.activation(from: x, to: end) == word, "\(end)")
    }
    let half = g.number(0.5)
    let one = g.number(1)
    let erf = g("Erf", g("Div", x, g.number(2.0.squareRoot())))
    expect(g("Mul", g("Mul", x, g("Add", erf, one)), half), "gelu_erf")
    let root = g.number((2 / Double.pi).squareRoot())
    let cubic = g("Mul", g.number(0.044715), g("Mul", x, g("Mul", x, x)))
    let tanh = g("Tanh", g("Mul", root, g("Add", x, cubic)))
    expect(g("Mul", g("Mul", half, x), g("Add", one, tanh)), "gelu_tanh")
    // x (1 + tanh(x root (1 + 0.044715 x x))) / 2, as `gelu_fast` has it.
    let fast = g(
      "Tanh",
      g("Mul", g("Mul", x, root), g("Add", one, g("Mul", g("Mul", g.number(0.044715), x), x))))
    expect(g("Div", g("Mul", x, g("Add", one, fast)), g.number(2)), "gelu_tanh")
    let tanhForm: [String: OperatorAttribute] = ["approximate": .text("tanh")]
    expect(g("Gelu", x), "gelu_erf")
    expect(g("Gelu", x, attributes: tanhForm), "gelu_tanh")
    expect(g("FastGelu", x, g.constant([8])), "gelu_tanh")
    expect(g("BiasGelu", x, g.constant([8])), "gelu_erf")
    expect(g("Relu", x), "relu")
    expect(g("Max", x, g.number(0)), "relu")
    expect(g("Mul", x, g("Sigmoid", x)), "silu")
    expect(g("Tanh", x), "tanh")
    // Near to GELU, but another function.
    let quick = g("Mul", x, g("Sigmoid", g("Mul", x, g.number(1.702))))
    expect(quick, nil)
    expect(g("Add", x, g("MatMul", x, x)), nil)
    expect(g("Add", x, g.constant([8])), nil)
  }

  @Test func constantsBehindAQuantisationAreNumbers() {
    var g = GraphBuilder()
    let q = g.constant([], values: [100], type: .int8)
    let zero = g.constant([], values: [-28], type: .int8)
    let value = g("DequantizeLinear", q, g.number(0.25), zero)
    #expect(g.view.scalar(value) == 32)
    let root = g("Sqrt", g("Mul", value, g.number(2)))
    #expect(g.view.scalar(root) == 8)
    #expect(g.view.scalar(g.x) == nil)
  }
}
