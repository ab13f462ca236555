internal import AlbertTensors

/// onnxruntime's operators of attention, which take query, key and value side by side.
extension ONNXUnpacking {
  /// onnxruntime's `Attention`, as products and ONNX's operator of that name.
  mutating func unpacked(attention node: OperatorNode) -> [OperatorNode]? {
    guard node.operation == "Attention", node.domain == "com.microsoft",
      let input = node.input(0), let weight = node.input(1), let output = node.outputs.first,
      isPlain(node), node.input(4) == nil, let heads = node.integer("num_heads"),
      let width = constants[weight]?.tensor.shape.dimensions.last,
      node.integers("qkv_hidden_sizes") ?? [width / 3, width / 3, width / 3]
        == [width / 3, width / 3, width / 3]
    else { return nil }
    let outputs = Self.thirds(of: output)
    guard
      let products = products(
        of: input, weight: weight, bias: node.input(2), name: node.name, outputs: outputs)
    else { return nil }
    return products + [attention(node, outputs, heads)]
  }

  /// `QAttention`, as products of integers and ONNX's operator.
  mutating func unpacked(integers node: OperatorNode) -> [OperatorNode]? {
    guard node.operation == "QAttention", node.domain == "com.microsoft",
      let input = node.input(0), let weight = node.input(1), let bias = node.input(2),
      let scale = node.input(3), let weightScale = node.input(4), let output = node.outputs.first,
      isPlain(node), node.input(8) == nil, let heads = node.integer("num_heads"),
      isPacked(weight, rank: 2, ofIntegers: true), isPacked(bias, rank: 1),
      let width = constants[weight]?.tensor.shape.dimensions.last,
      let scales = shares(of: weightScale, width), let zeros = shares(of: node.input(7), width),
      let weights = split(weight), let biases = split(bias)
    else { return nil }
    let outputs = Self.thirds(of: output)
    let products = outputs.enumerated().map { index, output in
      OperatorNode(
        name: node.name, operation: "MatMulIntegerToFloat", domain: "com.microsoft",
        inputs: [
          input, weights[index].name, scale, scales[index], node.input(6) ?? "", zeros[index],
          biases[index].name,
        ], outputs: [output])
    }
    return products + [attention(node, outputs, heads)]
  }

  /// `MultiHeadAttention` whose biases are one list, as sums and the operator without them.
  mutating func unpacked(biased node: OperatorNode) -> [OperatorNode]? {
    guard node.operation == "MultiHeadAttention", node.domain == "com.microsoft",
      let bias = node.input(3), let output = node.outputs.first,
      case let inputs = (0..<Self.count).compactMap({ node.input($0) }), inputs.count == Self.count,
      isPacked(bias, rank: 1), let biases = split(bias)
    else { return nil }
    let outputs = Self.thirds(of: output)
    let sums = outputs.enumerated().map { index, output in
      OperatorNode(
        name: node.name, operation: "Add", inputs: [inputs[index], biases[index].name],
        outputs: [output])
    }
    let rest = OperatorNode(
      name: node.name, operation: node.operation, domain: node.domain,
      inputs: outputs + [""] + node.inputs.dropFirst(Self.count + 1), outputs: node.outputs,
      attributes: node.attributes)
    return sums + [rest]
  }

  /// Whether each token attends to all, and by its content alone.
  private func isPlain(_ node: OperatorNode) -> Bool {
    node.integer("unidirectional") ?? 0 == 0 && node.integer("do_rotary") ?? 0 == 0
  }

  /// Names for the three values that `output` is made of.
  private static func thirds(of output: String) -> [String] {
    (0..<count).map { "\(output)[\($0)]" }
  }

  /// ONNX's operator of that name in the place of `node`.
  private func attention(_ node: OperatorNode, _ inputs: [String], _ heads: Int) -> OperatorNode {
    OperatorNode(
      name: node.name, operation: "Attention", inputs: inputs, outputs: node.outputs,
      attributes: ["q_num_heads": .integer(heads), "kv_num_heads": .integer(heads)])
  }

  /// What each third of a matrix takes of a list: its own third where there is a number per column, else
  /// the one number; empty where there is no list.
  private mutating func shares(of name: String?, _ width: Int) -> [String]? {
    guard let name else { return Array(repeating: "", count: Self.count) }
    if let known = parts[name] { return known.map(\.name) }
    guard let tensor = constants[name]?.tensor else { return nil }
    if tensor.shape.count == 1 { return Array(repeating: name, count: Self.count) }
    return tensor.shape.count == width ? split(name)?.map(\.name) : nil
  }
}
