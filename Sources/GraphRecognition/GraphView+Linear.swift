internal import AlbertTensors

/// A matrix of a graph, and how it lies seen from PyTorch's [out, in].
struct GraphWeight: Hashable {
  let tensor: String
  let layout: Layout
  let inputs: Int
  let outputs: Int
}

/// A product with a constant matrix, plus a constant bias where there is one.
final class GraphLinear {
  /// The result.
  let value: String
  /// The value multiplied, whatever its shape.
  let input: String
  let weight: GraphWeight
  let bias: String?
  /// How the bias lies, which Keras splits into heads as it does the product.
  let biasLayout: Layout
  /// An activation that is fused into the operator.
  let fusedActivation: String?
  /// The name of the operator's node, which often tells the module.
  let node: String

  init(
    value: String, input: String, weight: GraphWeight, bias: String?,
    biasLayout: Layout = .canonical,
    fusedActivation: String?, node: String
  ) {
    self.value = value
    self.input = input
    self.weight = weight
    self.bias = bias
    self.biasLayout = biasLayout
    self.fusedActivation = fusedActivation
    self.node = node
  }

  /// The same product with a bias that is added behind it, which gives `value`.
  func adding(
    _ bias: String?, layout: Layout = .canonical, value: String? = nil
  ) -> GraphLinear {
    GraphLinear(
      value: value ?? self.value, input: input, weight: weight, bias: bias, biasLayout: layout,
      fusedActivation: fusedActivation, node: node)
  }
}

extension GraphView {
  /// The linear layer that gives `value`: a product, or the sum of one and a bias.
  func linear(_ value: String) -> GraphLinear? {
    let value = flow(value)
    if let product = product(value) { return product }
    guard let node = graph.producer(of: value), performs(node, "Add") else { return nil }
    let operands = operands(node)
    guard operands.count == 2 else { return nil }
    for (sum, bias) in [(operands[0], operands[1]), (operands[1], operands[0])] {
      guard let product = product(sum), product.bias == nil, product.fusedActivation == nil
      else { continue }
      if let bias = vector(bias) { return product.adding(bias, value: value) }
      if headCount(ofBias: bias, width: product.weight.outputs) != nil {
        return product.adding(bias, layout: .heads, value: value)
      }
    }
    return nil
  }

  /// The heads into which the constant `bias` of a product of so many columns is split, where it is.
  func headCount(ofBias bias: String, width: Int) -> Int? {
    guard let tensor = graph.constants[root(bias)]?.tensor, tensor.type.isFloatingPoint,
      tensor.shape.rank == 2, tensor.shape.count == width, tensor.shape.dimensions[0] > 1
    else { return nil }
    return tensor.shape.dimensions[0]
  }

  /// The product with a constant matrix that gives `value`, a bias that is part of it included.
  func product(_ value: String) -> GraphLinear? {
    let value = flow(value)
    guard let node = graph.producer(of: value), value == node.outputs.first else { return nil }
    switch node.operation {
    case "MatMul": return make(value, node, 0, 1)
    case "FusedMatMul":
      guard isPlain(node) else { return nil }
      return make(value, node, 0, 1, isFlipped: node.integer("transB") == 1)
    case "Gemm", "FusedGemm", "QGemm":
      guard isPlain(node), node.number("beta") ?? 1 == 1 || node.inputs.count < 3 else {
        return nil
      }
      let isQuantised = node.operation == "QGemm"
      return make(
        value, node, 0, isQuantised ? 3 : 1, bias: isQuantised ? 6 : 2,
        isFlipped: node.integer("transB") == 1, fusedActivation: node.text("activation"))
    case "QLinearMatMul": return make(value, node, 0, 3)
    case "DynamicQuantizeMatMul": return make(value, node, 0, 1, bias: 4)
    case "MatMulIntegerToFloat": return make(value, node, 0, 1, bias: 6)
    // Matrices of packed integers, which are dequantised as [out, in].
    case "MatMulNBits": return make(value, node, 0, 1, bias: 5, isFlipped: true)
    case "MatMulBnb4": return make(value, node, 0, 1, isFlipped: true)
    case "HybridFullyConnected": return make(value, node, 0, 1, bias: 3, isFlipped: true)
    case "Mul":
      return integerProduct(node).flatMap { make(value, $0, 0, 1) }
    case "Einsum": return einsum(value, node)
    default: return nil
    }
  }

  /// The product of integers that `node` scales: what a quantiser makes of a product.
  func integerProduct(_ node: OperatorNode) -> OperatorNode? {
    guard node.operation == "Mul" else { return nil }
    return operands(node).lazy.compactMap { graph.producer(of: $0) }.first {
      $0.operation == "MatMulInteger"
    }
  }

  /// Neither operand transposed before the product, and no factor.
  private func isPlain(_ node: OperatorNode) -> Bool {
    node.integer("transA") ?? 0 == 0 && node.number("alpha") ?? 1 == 1
      && node.integer("transBatchA") ?? 0 == 0 && node.integer("transBatchB") ?? 0 == 0
  }

  private func make(
    _ value: String, _ node: OperatorNode, _ input: Int, _ weight: Int, bias: Int? = nil,
    isFlipped: Bool = false, fusedActivation: String? = nil
  ) -> GraphLinear? {
    guard let input = node.input(input), let matrix = node.input(weight),
      constant(input) == nil, let weight = self.weight(matrix, isFlipped: isFlipped)
    else { return nil }
    var biasName: String?
    if let bias = bias.flatMap({ node.input($0) }) {
      guard let vector = vector(bias) else { return nil }
      biasName = vector
    }
    return GraphLinear(
      value: value, input: flow(input), weight: weight, bias: biasName,
      fusedActivation: fusedActivation, node: node.name)
  }

  /// The constant matrix that `value` is; `isFlipped` where the operator takes it as [out, in].
  private func weight(_ value: String, isFlipped: Bool) -> GraphWeight? {
    var value = root(value)
    var isFlipped = isFlipped
    for _ in 0..<Self.farthest {
      if let tensor = graph.constants[value]?.tensor {
        guard tensor.shape.rank == 2 else { return nil }
        let d = tensor.shape.dimensions
        return GraphWeight(
          tensor: value, layout: isFlipped ? .canonical : .transposed,
          inputs: isFlipped ? d[1] : d[0], outputs: isFlipped ? d[0] : d[1])
      }
      guard let node = graph.producer(of: value), let input = node.input(0),
        node.operation == "Transpose", node.integers("perm") ?? [1, 0] == [1, 0]
      else { return nil }
      isFlipped.toggle()
      value = root(input)
    }
    return nil
  }

  /// A product in the notation of sums: `bfnd,ndh->bfh`, as older code projects its heads.
  private func einsum(_ value: String, _ node: OperatorNode) -> GraphLinear? {
    guard node.inputs.count == 2, let equation = node.text("equation") else { return nil }
    let sides = equation.filter { $0 != " " }.split(separator: ">")
    guard sides.count == 2, sides[0].last == "-" else { return nil }
    let terms = sides[0].dropLast().split(separator: ",").map(Array.init)
    guard terms.count == 2, !terms.joined().contains(".") else { return nil }
    for (input, matrix) in [(0, 1), (1, 0)] where constant(node.inputs[input]) == nil {
      // The matrix must hold first the axes that are summed over, then those that remain.
      let summed = terms[matrix].prefix { terms[input].contains($0) && !sides[1].contains($0) }
      let kept = terms[matrix].dropFirst(summed.count)
      guard !summed.isEmpty, terms[input].suffix(summed.count) == summed,
        sides[1].suffix(kept.count).elementsEqual(kept),
        let weight = folded(node.inputs[matrix], summed: summed.count, kept: kept.count)
      else { continue }
      return GraphLinear(
        value: value, input: flow(node.inputs[input]), weight: weight, bias: nil,
        fusedActivation: nil, node: node.name)
    }
    return nil
  }

  /// A constant [in, out] whose axes may be split into heads, or a matrix that is reshaped to that.
  private func folded(_ value: String, summed: Int, kept: Int) -> GraphWeight? {
    let value = root(value)
    if let tensor = graph.constants[value]?.tensor {
      let d = tensor.shape.dimensions
      guard d.count == summed + kept else { return nil }
      let layout: Layout
      switch (summed, kept) {
      case (1, 1): layout = .transposed
      case (2, 1): layout = .inputHeads
      case (1, 2): layout = .outputHeads
      default: return nil
      }
      return GraphWeight(
        tensor: value, layout: layout, inputs: d.prefix(summed).reduce(1, *),
        outputs: d.suffix(kept).reduce(1, *))
    }
    guard let node = graph.producer(of: value), node.operation == "Reshape",
      let input = node.input(0)
    else { return nil }
    return weight(input, isFlipped: false)
  }
}
