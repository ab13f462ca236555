internal import Tensors

/// Takes apart onnxruntime's `Attention`, whose query, key and value weights lie side by side in one
/// matrix: the graph shows three products, the archive three matrices and three biases.
struct ONNXUnpacking {
  private(set) var nodes: [OperatorNode] = []
  private(set) var constants: [String: GraphConstant]
  /// The parts of each tensor that was taken apart, by its name.
  private(set) var parts: [String: [ONNXColumns]] = [:]

  private static let names = ["query", "key", "value"]

  init(_ nodes: [OperatorNode], _ constants: [String: GraphConstant]) {
    self.constants = constants
    for node in nodes {
      if let parts = unpacked(node) {
        self.nodes += parts
      } else {
        self.nodes.append(node)
      }
    }
    for name in parts.keys { self.constants[name] = nil }
  }

  /// The operators that do what `node` does.
  private mutating func unpacked(_ node: OperatorNode) -> [OperatorNode]? {
    guard node.operation == "Attention", node.domain == "com.microsoft",
      let input = node.input(0), let weight = node.input(1), let output = node.outputs.first,
      node.integer("unidirectional") ?? 0 == 0, node.integer("do_rotary") ?? 0 == 0,
      node.input(4) == nil, let heads = node.integer("num_heads"),
      let weights = split(weight, rank: 2)
    else { return nil }
    var biases: [ONNXColumns]?
    if let bias = node.input(2) {
      guard let found = split(bias, rank: 1) else { return nil }
      biases = found
    }
    let sizes = node.integers("qkv_hidden_sizes") ?? weights.map(\.range.count)
    guard sizes == weights.map(\.range.count) else { return nil }
    var result: [OperatorNode] = []
    var projected: [String] = []
    for (index, name) in Self.names.enumerated() {
      let product = "\(output)[\(name)]"
      result.append(
        OperatorNode(
          name: node.name, operation: "MatMul", inputs: [input, weights[index].name],
          outputs: [product]))
      if let biases {
        result.append(
          OperatorNode(
            name: node.name, operation: "Add", inputs: [product, biases[index].name],
            outputs: [product + "+bias"]))
      }
      projected.append(biases == nil ? product : product + "+bias")
    }
    result.append(
      OperatorNode(
        name: node.name, operation: "Attention", inputs: projected, outputs: node.outputs,
        attributes: ["q_num_heads": .integer(heads), "kv_num_heads": .integer(heads)]))
    return result
  }

  /// The three parts of a constant of floats.
  private mutating func split(_ name: String, rank: Int) -> [ONNXColumns]? {
    if let known = parts[name] { return known }
    guard let constant = constants[name], constant.tensor.type.isFloatingPoint,
      constant.tensor.shape.rank == rank, let width = constant.tensor.shape.dimensions.last,
      width > 0, width.isMultiple(of: 3)
    else { return nil }
    let columns = Self.names.enumerated().map { index, part in
      ONNXColumns(
        name: "\(name)[\(part)]", range: index * width / 3..<(index + 1) * width / 3)
    }
    for part in columns {
      guard constants[part.name] == nil else { return nil }
      constants[part.name] = GraphConstant(
        tensor: part.description(of: constant.tensor), values: nil)
    }
    parts[name] = columns
    return columns
  }
}
