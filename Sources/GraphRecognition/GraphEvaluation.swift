internal import AlbertPlatform
internal import AlbertTensors

/// Computes an expression of a graph for one number, element by element.
///
/// An activation is known by what it computes: exporters write one function in many ways, and the
/// two forms of GELU in ways that look alike.
struct GraphEvaluation {
  let view: GraphView
  /// The value that stands for the variable, and its number.
  var variable: String?
  var argument = 0.0

  private var known: [String: Double] = [:]
  private var steps = 0
  private var depth = 0

  init(view: GraphView, variable: String? = nil, argument: Double = 0) {
    self.view = view
    self.variable = variable
    self.argument = argument
  }

  /// The number that `value` has; nil where it depends on anything but the variable and scalars.
  mutating func value(of value: String) -> Double? {
    if value == variable { return argument }
    if let known = known[value] { return known }
    steps += 1
    guard steps < GraphView.widest, depth < GraphView.farthest else { return nil }
    if let constant = view.graph.constants[value] {
      // What an activation is written with says more than what half precision makes of it.
      return variable == nil ? constant.scalar : constant.scalar.map { constant.meant($0) }
    }
    guard let node = view.graph.producer(of: value), value == node.outputs.first else { return nil }
    depth += 1
    let result = result(of: node)
    depth -= 1
    if let result { known[value] = result }
    return result
  }

  private mutating func result(of node: OperatorNode) -> Double? {
    switch node.operation {
    case "DequantizeLinear":
      guard let input = node.input(0), let q = value(of: input) else { return nil }
      // Behind a running quantisation stands the number itself.
      guard view.graph.constants[input] != nil else { return q }
      guard let scale = node.input(1).flatMap({ value(of: $0) }) else { return nil }
      let zero = node.input(2).flatMap { value(of: $0) } ?? 0
      return (q - zero) * scale
    case "QLinearAdd", "QLinearMul":
      guard let a = operand(0, of: node), let b = operand(3, of: node) else { return nil }
      return node.operation == "QLinearAdd" ? a + b : a * b
    case "QLinearSigmoid":
      return operand(0, of: node).map { 1 / (1 + exp(-$0)) }
    default: break
    }
    var inputs: [Double] = []
    for input in node.inputs where !input.isEmpty {
      // A bias that is fused into an activation is a list of numbers, part of the layer before it.
      if Self.takesBias(node), !inputs.isEmpty { break }
      guard let number = value(of: input) else { return nil }
      inputs.append(number)
      if Self.isAlias(node.operation) { break }
    }
    return Self.apply(node, inputs)
  }

  /// The operand at `index`: of a quantised variant, a constant with its scale behind it, or the
  /// number that was quantised.
  mutating func operand(_ index: Int, of node: OperatorNode) -> Double? {
    guard let input = node.input(index), let number = value(of: input) else { return nil }
    guard node.operation.hasPrefix("QLinear"), view.graph.constants[input] != nil else {
      return number
    }
    guard let scale = node.input(index + 1).flatMap({ value(of: $0) }) else { return nil }
    return (number - (node.input(index + 2).flatMap { value(of: $0) } ?? 0)) * scale
  }

  private static func takesBias(_ node: OperatorNode) -> Bool {
    node.operation == "FastGelu" || node.operation == "BiasGelu"
  }

  private static func isAlias(_ operation: String) -> Bool {
    switch operation {
    case "Identity", "Cast", "CastLike", "QuantizeLinear", "Dropout", "Reshape", "Squeeze",
      "Unsqueeze":
      true
    default: false
    }
  }

  /// The operator's function of its operands.
  private static func apply(_ node: OperatorNode, _ x: [Double]) -> Double? {
    if x.count == 1 { return unary(node, x[0]) }
    if x.count == 3, node.operation == "Where" { return x[0] != 0 ? x[1] : x[2] }
    guard x.count == 2 else { return node.operation == "Sum" ? x.reduce(0, +) : nil }
    switch node.operation {
    case "Add", "Sum": return x[0] + x[1]
    case "Sub": return x[0] - x[1]
    case "Mul": return x[0] * x[1]
    case "Div": return x[0] / x[1]
    case "Pow": return pow(x[0], x[1])
    case "Max": return max(x[0], x[1])
    case "Less": return x[0] < x[1] ? 1 : 0
    case "Min": return min(x[0], x[1])
    default: return nil
    }
  }

  private static func unary(_ node: OperatorNode, _ x: Double) -> Double? {
    if isAlias(node.operation) { return x }
    switch node.operation {
    case "Tanh": return tanh(x)
    case "Erf": return erf(x)
    case "Sigmoid": return 1 / (1 + exp(-x))
    case "Relu": return max(0, x)
    case "Exp": return exp(x)
    case "Log": return log(x)
    case "Sqrt": return x.squareRoot()
    case "Reciprocal": return 1 / x
    case "Neg": return -x
    case "Not": return x == 0 ? 1 : 0
    case "Abs": return abs(x)
    case "Softplus": return log1p(exp(x))
    case "Mish": return x * tanh(log1p(exp(x)))
    case "Swish", "Silu": return x / (1 + exp(-(node.number("alpha") ?? 1) * x))
    case "QuickGelu": return x / (1 + exp(-(node.number("alpha") ?? 1.702) * x))
    case "BiasGelu": return GraphActivation.geluErf(x)
    case "FastGelu": return GraphActivation.geluTanh(x)
    case "Gelu":
      return node.text("approximate") == "tanh"
        ? GraphActivation.geluTanh(x) : GraphActivation.geluErf(x)
    case "LeakyRelu": return x < 0 ? (node.number("alpha") ?? 0.01) * x : x
    case "Elu": return x < 0 ? (node.number("alpha") ?? 1) * (exp(x) - 1) : x
    default: return nil
    }
  }
}
