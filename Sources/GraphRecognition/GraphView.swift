internal import AlbertTensors

/// A graph seen through what exporters and quantisers put between operators.
///
/// Values that are the same numbers under another name (copies, casts, quantised and turned back)
/// are one value, called by the name of the first: its root. Every search is bounded, whatever a
/// file's graph looks like.
struct GraphView {
  let graph: OperatorGraph

  /// Operators followed in a row.
  static let farthest = 64
  /// Values looked at in one search.
  static let widest = 256

  /// The first value that holds the same numbers as `value`.
  func root(_ value: String) -> String {
    var value = value
    for _ in 0..<Self.farthest {
      guard let node = graph.producer(of: value), let input = node.input(0),
        value == node.outputs.first, Self.isAlias(node.operation)
      else { return value }
      value = input
    }
    return value
  }

  /// The first value that holds the same numbers in the same order as `value`, whatever its shape.
  ///
  /// Exporters join the axes of a batch to one before a product, or not, as they like.
  func flow(_ value: String) -> String {
    var value = root(value)
    for _ in 0..<Self.farthest {
      guard let node = graph.producer(of: value), let input = node.input(0),
        ["Reshape", "Squeeze", "Unsqueeze", "Flatten"].contains(node.operation)
      else { return value }
      value = root(input)
    }
    return value
  }

  private static func isAlias(_ operation: String) -> Bool {
    switch operation {
    case "Identity", "Cast", "CastLike", "Dropout", "QuantizeLinear", "DequantizeLinear",
      "DynamicQuantizeLinear":
      true
    default: false
    }
  }

  /// The operator whose result `value` is, aliases passed over.
  func node(giving value: String) -> OperatorNode? { graph.producer(of: root(value)) }

  /// Whether `node` is the plain operator or its variant over quantised operands.
  func performs(_ node: OperatorNode, _ operation: String) -> Bool {
    node.operation == operation || node.operation == "QLinear" + operation
  }

  /// The operands of an operator, by their roots; of a quantised variant those without scales.
  func operands(_ node: OperatorNode) -> [String] {
    let inputs =
      node.operation.hasPrefix("QLinear")
      ? [node.input(0), node.input(3)].compactMap { $0 } : node.inputs.filter { !$0.isEmpty }
    return inputs.map(root)
  }

  /// The constant that `value` is.
  func constant(_ value: String) -> GraphConstant? { graph.constants[root(value)] }

  /// The name of the constant list of floats that `value` is, each axis but the last being 1.
  func vector(_ value: String) -> String? {
    let name = root(value)
    guard let tensor = graph.constants[name]?.tensor, tensor.type.isFloatingPoint,
      tensor.shape.rank >= 1, tensor.shape.count == tensor.shape.dimensions.last
    else { return nil }
    return name
  }

  /// The number that `value` is, whatever it depends on.
  func scalar(_ value: String) -> Double? {
    var evaluation = GraphEvaluation(view: self)
    return evaluation.value(of: value)
  }

  /// Breadth-first from `start` against the flow, through operators that `follows` accepts.
  ///
  /// Gives the first result of `found`, which is asked before a value's operator is.
  func search<R>(
    from start: String, through follows: (OperatorNode) -> Bool, _ found: (String) -> R?
  ) -> R? {
    var queue = [root(start)]
    var seen = Set(queue)
    var next = 0
    while next < queue.count, next < Self.widest {
      let value = queue[next]
      next += 1
      if let result = found(value) { return result }
      guard let node = graph.producer(of: value), follows(node) else { continue }
      for operand in operands(node) where seen.insert(operand).inserted { queue.append(operand) }
    }
    return nil
  }

  /// The first result of `found` among the operators that take `value` or a copy of it; it is told whether an
  /// operator makes one more copy.
  func firstTaker<R>(
    of value: String, _ found: (_ node: OperatorNode, _ isCopy: Bool) -> R?
  ) -> R? {
    var copies = [value]
    var next = 0
    while next < copies.count, next < Self.farthest {
      for index in graph.consumers(of: copies[next]) {
        let node = graph.nodes[index]
        let copy = node.outputs.first.flatMap { flow($0) == value ? $0 : nil }
        if let result = found(node, copy != nil) { return result }
        if let copy { copies.append(copy) }
      }
      next += 1
    }
    return nil
  }

  /// Operators that only move numbers about.
  static func moves(_ node: OperatorNode) -> Bool {
    switch node.operation {
    case "Reshape", "Transpose", "Squeeze", "Unsqueeze", "Flatten", "Expand": true
    default: false
    }
  }

  /// Operators between an attention's products that change no more than scale and mask.
  static func scalesOrMasks(_ node: OperatorNode) -> Bool {
    switch node.operation {
    case "Add", "Sub", "Mul", "Div", "Where", "Max", "Min", "Clip", "QLinearAdd", "QLinearMul":
      true
    default: moves(node)
    }
  }
}
