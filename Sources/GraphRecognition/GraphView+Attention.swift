internal import AlbertTensors

/// A self-attention of a graph.
struct GraphAttention {
  let query: GraphLinear
  let key: GraphLinear
  let value: GraphLinear
  /// The number of heads, where the graph states it.
  let heads: Int?
}

extension GraphView {
  /// The attention whose result, heads joined, is `context`.
  func attention(_ context: String) -> GraphAttention? {
    // Back over the joining of the heads to the product of probabilities and values.
    var value = root(context)
    for _ in 0..<Self.farthest {
      guard let node = graph.producer(of: value) else { return nil }
      if Self.moves(node), let input = node.input(0) {
        value = root(input)
      } else if node.operation == "Attention" || node.operation == "MultiHeadAttention" {
        return fused(node)
      } else if let (probabilities, values) = product(of: node) {
        return attention(probabilities: probabilities, values: values)
      } else {
        return nil
      }
    }
    return nil
  }

  /// One operator that does it all: ONNX's own of set 23, or onnxruntime's.
  private func fused(_ node: OperatorNode) -> GraphAttention? {
    let inputs = (0..<3).compactMap { node.input($0) }
    guard inputs.count == 3, let query = projection(inputs[0]), let key = projection(inputs[1]),
      let value = projection(inputs[2]),
      node.operation == "Attention" || node.input(3) == nil
    else { return nil }
    let heads = node.integer("q_num_heads") ?? node.integer("num_heads")
    return GraphAttention(
      query: query.linear, key: key.linear, value: value.linear, heads: heads ?? query.heads)
  }

  private func attention(probabilities: String, values: String) -> GraphAttention? {
    let scores = search(
      from: probabilities,
      through: { Self.moves($0) || ["Where", "Mul", "QLinearMul"].contains($0.operation) },
      { softmaxScores($0) })
    guard let scores,
      let operands = search(
        from: scores, through: Self.scalesOrMasks,
        { (value) -> (String, String, Double)? in
          guard let node = graph.producer(of: value), let (a, b) = product(of: node) else {
            return nil
          }
          return (a, b, node.number("alpha") ?? 1)
        }),
      let query = projection(operands.0), let key = projection(operands.1),
      let value = projection(values)
    else { return nil }
    let heads =
      query.heads ?? key.heads ?? value.heads
      ?? self.heads(scores: scores, alpha: operands.2, width: query.linear.weight.outputs)
    return GraphAttention(
      query: query.linear, key: key.linear, value: value.linear, heads: heads)
  }

  /// The operands of a product of two computed values.
  private func product(of node: OperatorNode) -> (String, String)? {
    let operands: [String]
    switch node.operation {
    case "MatMul", "FusedMatMul", "QLinearMatMul": operands = self.operands(node)
    case "Einsum": operands = node.inputs.count == 2 ? self.operands(node) : []
    // Quantisers do so with both operands computed, too.
    case "MatMulIntegerToFloat": operands = node.inputs.prefix(2).map(root)
    case "Mul": operands = integerProduct(node)?.inputs.prefix(2).map(root) ?? []
    default: return nil
    }
    guard operands.count == 2, operands.allSatisfy({ graph.constants[$0] == nil }),
      linear(node.outputs.first ?? "") == nil
    else { return nil }
    return (operands[0], operands[1])
  }

  /// The linear layer that `value` comes from, and the heads into which it is split on the way.
  private func projection(_ value: String) -> (linear: GraphLinear, heads: Int?)? {
    let found = search(from: value, through: Self.scalesOrMasks) { linear($0) }
    guard let found else { return nil }
    if found.weight.layout == .outputHeads,
      let d = graph.constants[found.weight.tensor]?.tensor.shape.dimensions
    {
      return (found, d[1])
    }
    if let bias = found.bias, found.biasLayout == .heads {
      return (found, headCount(ofBias: bias, width: found.weight.outputs))
    }
    return (found, splitHeads(found))
  }

  /// The heads into which a linear layer's result, or a copy of it, is split.
  private func splitHeads(_ linear: GraphLinear) -> Int? {
    firstTaker(of: linear.value) { node, _ in heads(of: node, width: linear.weight.outputs) }
  }

  /// The heads that a change of shape to [batch, sequence, heads, size] makes of a width.
  private func heads(of node: OperatorNode, width: Int) -> Int? {
    guard node.operation == "Reshape", let shape = node.input(1).map(extents), shape.count == 4
    else { return nil }
    if let size = shape[3], size > 0 { return width.isMultiple(of: size) ? width / size : nil }
    if let heads = shape[2], heads > 0 { return width.isMultiple(of: heads) ? heads : nil }
    return nil
  }

  /// The numbers of a list that is constant or put together from pieces, those that the graph
  /// computes nil.
  private func extents(_ list: String) -> [Int?] {
    if let numbers = integers(list) { return numbers }
    guard let node = node(giving: list), node.operation == "Concat" else { return [] }
    var known: [Int?] = []
    for input in node.inputs where known.count <= Shape.maxAxes {
      if let numbers = integers(input) {
        known += numbers
      } else {
        known += [Int?](repeating: nil, count: length(of: input))
      }
    }
    return known
  }

  /// How many numbers a computed piece of a shape has: one, or as many as it takes of a shape.
  private func length(of value: String) -> Int {
    guard let node = node(giving: value) else { return 1 }
    switch node.operation {
    case "Slice":
      let bounds = [1, 2].map { node.input($0).flatMap(integers)?.first }
      guard let start = bounds[0] ?? nil, let end = bounds[1] ?? nil, start >= 0, end > start,
        end <= Shape.maxAxes
      else { return 1 }
      return end - start
    case "Shape":
      guard let start = node.integer("start"), let end = node.integer("end"), end > start,
        start >= 0, end <= Shape.maxAxes
      else { return 1 }
      return end - start
    default: return 1
    }
  }

  /// The integers that `value` is, whatever its shape, and however often it was given another one.
  func integers(_ value: String) -> [Int]? {
    var value = root(value)
    for _ in 0..<8 {
      if let constant = graph.constants[value] { return constant.integers }
      guard let node = graph.producer(of: value), Self.moves(node), let input = node.input(0) else {
        return nil
      }
      value = root(input)
    }
    return nil
  }

  /// The heads by the factor of the scores, 1 / sqrt(size).
  private func heads(scores: String, alpha: Double, width: Int) -> Int? {
    var factor = alpha
    var value = root(scores)
    for _ in 0..<8 {
      guard let node = graph.producer(of: value) else { break }
      let operands = operands(node)
      guard operands.count == 2, ["Mul", "Div", "Add"].contains(node.operation) else { break }
      if node.operation != "Add" {
        for (index, input) in node.inputs.enumerated() {
          guard let number = scalar(input) else { continue }
          factor *= node.operation == "Mul" ? number : index == 1 ? 1 / number : .nan
        }
      }
      guard let next = operands.first(where: { dependsOnProduct($0) }) else { break }
      value = next
    }
    guard factor > 0, factor < 1, let size = Int(exactly: (1 / (factor * factor)).rounded()),
      size > 0, width.isMultiple(of: size)
    else { return nil }
    return width / size
  }

  private func dependsOnProduct(_ value: String) -> Bool {
    search(from: value, through: Self.scalesOrMasks) { value -> Bool? in
      graph.producer(of: value).flatMap { product(of: $0) } == nil ? nil : true
    } ?? false
  }
}
