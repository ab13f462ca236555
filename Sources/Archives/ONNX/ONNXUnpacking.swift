internal import AlbertTensors

/// Takes apart matrices that an optimiser packed side by side, as it does with the query, key and
/// value weights of an attention: the graph then shows three products, the archive three matrices
/// and three biases.
struct ONNXUnpacking {
  private(set) var nodes: [OperatorNode] = []
  private(set) var constants: [String: GraphConstant]
  /// The parts of each tensor that was taken apart, by its name.
  private(set) var parts: [String: [ONNXColumns]] = [:]

  static let count = 3

  init(_ nodes: [OperatorNode], _ constants: [String: GraphConstant]) {
    self.constants = constants
    var replaced: [Int: [OperatorNode]] = [:]
    let sums = ONNXPackedSums(nodes)
    for (index, node) in nodes.enumerated() {
      if let attention = unpacked(attention: node) ?? unpacked(integers: node)
        ?? unpacked(biased: node)
      {
        replaced[index] = attention
      } else if let sum = sums.sum(before: index), let products = unpacked(sum, into: node) {
        replaced[index] = products
        for place in sum.places { replaced[place] = [] }
      }
    }
    self.nodes = nodes.enumerated().flatMap { index, node in replaced[index] ?? [node] }
    for name in parts.keys { self.constants[name] = nil }
  }

  /// One product that is split in three behind it.
  private mutating func unpacked(
    _ sum: ONNXPackedSums.Sum, into node: OperatorNode
  ) -> [OperatorNode]? {
    guard let width = constants[sum.weight]?.tensor.shape.dimensions.last else { return nil }
    let stated = node.input(1).flatMap { constants[$0]?.integers } ?? node.integers("split")
    let third = width / Self.count
    guard (stated ?? [third, third, third]) == [third, third, third] else { return nil }
    return products(
      of: sum.input, weight: sum.weight, bias: sum.bias, name: sum.name, outputs: node.outputs)
  }

  /// Three products of `input`, with their biases where there is one.
  mutating func products(
    of input: String, weight: String, bias: String?, name: String, outputs: [String]
  ) -> [OperatorNode]? {
    guard isPacked(weight, rank: 2), bias.map({ isPacked($0, rank: 1) }) ?? true,
      let weights = split(weight)
    else { return nil }
    let biases = bias.flatMap { split($0) }
    if bias != nil, biases == nil { return nil }
    return outputs.enumerated().flatMap { index, output in
      let product = biases == nil ? output : output + " before its bias"
      let multiplication = OperatorNode(
        name: name, operation: "MatMul", inputs: [input, weights[index].name], outputs: [product])
      guard let biases else { return [multiplication] }
      let addition = OperatorNode(
        name: name, operation: "Add", inputs: [product, biases[index].name], outputs: [output])
      return [multiplication, addition]
    }
  }

  /// Whether a tensor is a constant of floats, or else of integers, that divides into three.
  func isPacked(_ name: String, rank: Int, ofIntegers: Bool = false) -> Bool {
    if parts[name] != nil { return true }
    guard let tensor = constants[name]?.tensor, tensor.type.isFloatingPoint != ofIntegers,
      tensor.shape.rank == rank, let width = tensor.shape.dimensions.last
    else { return false }
    return width > 0 && width.isMultiple(of: Self.count)
  }

  /// The three parts of a packed constant.
  mutating func split(_ name: String) -> [ONNXColumns]? {
    if let known = parts[name] { return known }
    guard let tensor = constants[name]?.tensor, let width = tensor.shape.dimensions.last else {
      return nil
    }
    let third = width / Self.count
    let columns = (0..<Self.count).map { part in
      ONNXColumns(name: "\(name)[\(part)]", range: part * third..<(part + 1) * third)
    }
    guard columns.allSatisfy({ constants[$0.name] == nil }) else { return nil }
    for part in columns {
      constants[part.name] = GraphConstant(tensor: part.description(of: tensor), values: nil)
    }
    parts[name] = columns
    return columns
  }
}

/// Products with constants, biases added or not, whose result goes into nothing but a split in three.
private struct ONNXPackedSums {
  struct Sum {
    let input: String
    let weight: String
    var bias: String?
    let name: String
    /// The positions of the nodes that make it.
    var places: [Int]
  }

  private let nodes: [OperatorNode]
  private var producers: [String: Int] = [:]
  private var uses: [String: Int] = [:]

  init(_ nodes: [OperatorNode]) {
    self.nodes = nodes
    for (index, node) in nodes.enumerated() {
      for output in node.outputs { producers[output] = index }
      for input in node.inputs { uses[input, default: 0] += 1 }
    }
  }

  /// The sum that the node at `index` splits in three along its last axis.
  func sum(before index: Int) -> Sum? {
    let node = nodes[index]
    guard node.operation == "Split", node.outputs.count == 3, !node.outputs.contains(""),
      [-1, 2].contains(node.integer("axis") ?? 0), let value = node.input(0)
    else { return nil }
    return sum(giving: value)
  }

  private func sum(giving value: String) -> Sum? {
    if let product = product(giving: value) { return product }
    guard uses[value] == 1, let place = producers[value], nodes[place].operation == "Add",
      nodes[place].inputs.count == 2
    else { return nil }
    let inputs = nodes[place].inputs
    for (product, bias) in [(inputs[0], inputs[1]), (inputs[1], inputs[0])]
    where producers[bias] == nil {
      guard var sum = self.product(giving: product) else { continue }
      sum.bias = bias
      sum.places.append(place)
      return sum
    }
    return nil
  }

  private func product(giving value: String) -> Sum? {
    guard uses[value] == 1, let place = producers[value], nodes[place].operation == "MatMul",
      nodes[place].inputs.count == 2
    else { return nil }
    let node = nodes[place]
    return Sum(input: node.inputs[0], weight: node.inputs[1], name: node.name, places: [place])
  }
}
