internal import AlbertTensors

/// A LayerNorm of a graph, whatever operators it is made of.
final class GraphNorm {
  /// The result.
  let value: String
  /// Values whose sum is normalised, by their roots, biases among them.
  let inputs: [String]
  let weight: String
  let bias: String
  let epsilon: Double
  /// The name of the last operator's node.
  let node: String

  init(
    value: String, inputs: [String], weight: String, bias: String, epsilon: Double, node: String
  ) {
    self.value = value
    self.inputs = inputs
    self.weight = weight
    self.bias = bias
    self.epsilon = epsilon
    self.node = node
  }
}

extension GraphView {
  /// The LayerNorm whose last operator is `node`.
  func norm(endingAt node: OperatorNode) -> GraphNorm? {
    guard let value = node.outputs.first else { return nil }
    switch node.operation {
    case "LayerNormalization":
      guard [-1, 2].contains(node.integer("axis") ?? -1) else { return nil }
      return make(value, node, inputs: [0], weight: 1, bias: 2, others: [])
    case "SkipLayerNormalization":
      return make(value, node, inputs: [0, 1], weight: 2, bias: 3, others: [4])
    case "Add", "QLinearAdd": return decomposed(value, node)
    default: return nil
    }
  }

  private func make(
    _ value: String, _ node: OperatorNode, inputs: [Int], weight: Int, bias: Int, others: [Int]
  ) -> GraphNorm? {
    let terms = inputs.compactMap { node.input($0) }
    guard terms.count == inputs.count, let weight = node.input(weight).flatMap(vector),
      let bias = node.input(bias).flatMap(vector)
    else { return nil }
    return GraphNorm(
      value: value, inputs: (terms + others.compactMap { node.input($0) }).map(root),
      weight: weight, bias: bias, epsilon: node.number("epsilon") ?? 1e-5, node: node.name)
  }

  /// (x - mean) / sqrt(variance + epsilon) x weight + bias, in single operators.
  private func decomposed(_ value: String, _ node: OperatorNode) -> GraphNorm? {
    for (scaled, bias) in swaps(node) {
      if let bias = vector(bias), let product = graph.producer(of: scaled),
        performs(product, "Mul")
      {
        for (centred, weight) in swaps(product) {
          guard let weight = vector(weight), let (x, epsilon) = normalised(centred) else {
            continue
          }
          return GraphNorm(
            value: value, inputs: [x], weight: weight, bias: bias, epsilon: epsilon,
            node: node.name)
        }
      }
      if let norm = simplified(value, node, scaled: scaled, shift: bias) { return norm }
      if let norm = factored(value, node, scaled: scaled, shift: bias) { return norm }
    }
    return nil
  }

  /// onnxruntime's operator that takes what is centred already, plus bias.
  private func simplified(
    _ value: String, _ node: OperatorNode, scaled: String, shift: String
  ) -> GraphNorm? {
    guard let bias = vector(shift), let norm = graph.producer(of: scaled),
      norm.operation == "SimplifiedLayerNormalization", norm.integer("axis") ?? -1 == -1,
      let x = norm.input(0).flatMap({ centred(root($0)) }),
      let weight = norm.input(1).flatMap(vector)
    else { return nil }
    return GraphNorm(
      value: value, inputs: [x], weight: weight, bias: bias,
      epsilon: norm.number("epsilon") ?? 1e-5, node: node.name)
  }

  /// x inv + (bias - mean inv) with inv = weight / sqrt(variance + epsilon): TensorFlow's form.
  private func factored(
    _ value: String, _ node: OperatorNode, scaled: String, shift: String
  ) -> GraphNorm? {
    guard let product = graph.producer(of: scaled), performs(product, "Mul") else { return nil }
    for (x, factor) in swaps(product) {
      guard let scale = graph.producer(of: factor), performs(scale, "Mul"),
        let bias = shiftedBias(shift, x: x, factor: factor)
      else { continue }
      for (inverse, weight) in swaps(scale) {
        guard let weight = vector(weight), let (input, epsilon) = inverseRoot(inverse), input == x
        else { continue }
        return GraphNorm(
          value: value, inputs: [x], weight: weight, bias: bias, epsilon: epsilon, node: node.name)
      }
    }
    return nil
  }

  /// The bias where `value` is bias - mean of x × factor, or as Keras 3 writes it, (-mean) × factor + bias.
  private func shiftedBias(_ value: String, x: String, factor: String) -> String? {
    guard let node = graph.producer(of: value) else { return nil }
    if node.operation == "Sub" {
      let operands = operands(node)
      guard operands.count == 2, isMean(operands[1], of: x, times: factor, isNegative: false)
      else { return nil }
      return vector(operands[0])
    }
    guard performs(node, "Add") else { return nil }
    for (shift, bias) in swaps(node) {
      guard let bias = vector(bias), isMean(shift, of: x, times: factor, isNegative: true)
      else { continue }
      return bias
    }
    return nil
  }

  /// Whether `value` is the mean of `x`, or its negative, times `factor`.
  private func isMean(
    _ value: String, of x: String, times factor: String, isNegative: Bool
  ) -> Bool {
    guard let product = graph.producer(of: value), performs(product, "Mul") else { return false }
    return swaps(product).contains { mean, other in
      guard other == factor, var node = graph.producer(of: mean) else { return false }
      if isNegative {
        guard node.operation == "Neg", let inner = node.input(0).map(root),
          let producer = graph.producer(of: inner)
        else { return false }
        node = producer
      }
      return Self.isMean(node) && operands(node).first == x
    }
  }

  /// The operands of a sum or product in both orders.
  private func swaps(_ node: OperatorNode) -> [(String, String)] {
    let operands = operands(node)
    guard operands.count == 2 else { return [] }
    return [(operands[0], operands[1]), (operands[1], operands[0])]
  }

  /// x and epsilon where `value` is (x - mean) / sqrt(variance + epsilon).
  private func normalised(_ value: String) -> (String, Double)? {
    guard let node = graph.producer(of: value) else { return nil }
    let operands = operands(node)
    guard operands.count == 2 else { return nil }
    if node.operation == "Div" {
      guard let x = centred(operands[0]), let (input, epsilon) = squareRoot(operands[1]),
        input == x
      else { return nil }
      return (x, epsilon)
    }
    guard performs(node, "Mul") else { return nil }
    for (difference, inverse) in swaps(node) {
      if let x = centred(difference), let (input, epsilon) = inverseRoot(inverse), input == x {
        return (x, epsilon)
      }
    }
    return nil
  }

  private static func isMean(_ node: OperatorNode) -> Bool {
    // The second is what TensorFlow's converter makes of a mean over the last axis.
    node.operation == "ReduceMean" || node.operation == "GlobalAveragePool"
  }

  /// x where `value` is x minus its mean.
  private func centred(_ value: String) -> String? {
    guard let node = graph.producer(of: value), node.operation == "Sub" else { return nil }
    let operands = operands(node)
    guard operands.count == 2, let mean = graph.producer(of: operands[1]),
      Self.isMean(mean), self.operands(mean).first == operands[0]
    else { return nil }
    return operands[0]
  }

  /// x and epsilon where `value` is sqrt(variance of x + epsilon).
  private func squareRoot(_ value: String) -> (String, Double)? {
    guard let node = graph.producer(of: value) else { return nil }
    let operands = operands(node)
    if node.operation == "Sqrt" { return operands.first.flatMap(variance) }
    guard node.operation == "Pow", operands.count == 2, scalar(node.inputs[1]) == 0.5 else {
      return nil
    }
    return variance(operands[0])
  }

  /// x and epsilon where `value` is 1 / sqrt(variance of x + epsilon).
  private func inverseRoot(_ value: String) -> (String, Double)? {
    guard let node = graph.producer(of: value) else { return nil }
    let operands = operands(node)
    switch node.operation {
    case "Reciprocal": return operands.first.flatMap(squareRoot)
    case "Div":
      guard operands.count == 2, scalar(node.inputs[0]) == 1 else { return nil }
      return squareRoot(operands[1])
    case "Pow":
      guard operands.count == 2, scalar(node.inputs[1]) == -0.5 else { return nil }
      return variance(operands[0])
    default: return nil
    }
  }

  /// x and epsilon where `value` is the variance of x plus epsilon.
  private func variance(_ value: String) -> (String, Double)? {
    guard let node = graph.producer(of: value), performs(node, "Add") else { return nil }
    for (sum, epsilon) in swaps(node) {
      guard let mean = graph.producer(of: sum), Self.isMean(mean),
        let square = operands(mean).first.flatMap({ graph.producer(of: $0) }),
        let epsilon = number(epsilon, in: node)
      else { continue }
      let factors = operands(square)
      let isSquare =
        square.operation == "Pow"
        ? factors.count == 2 && scalar(square.inputs[1]) == 2
        : performs(square, "Mul") && factors.count == 2 && factors[0] == factors[1]
      guard isSquare, let x = centred(factors[0]) else { continue }
      return (x, epsilon)
    }
    return nil
  }

  /// The number of that operand of `node` whose root is `root`.
  private func number(_ root: String, in node: OperatorNode) -> Double? {
    guard let index = node.inputs.firstIndex(where: { self.root($0) == root }) else { return nil }
    var evaluation = GraphEvaluation(view: self)
    return evaluation.operand(index, of: node)
  }
}
