internal import AlbertTensors

extension GraphView {
  /// The scores of which `value` is the softmax, whatever operators it is made of.
  func softmaxScores(_ value: String) -> String? {
    guard let node = graph.producer(of: value) else { return nil }
    if performs(node, "Softmax") { return node.input(0) }
    // Runtimes write it out for types in which they have no kernel: exp(x - max x) over its sum.
    let quotient = operands(node)
    guard node.operation == "Div", quotient.count == 2,
      let sum = graph.producer(of: quotient[1]), sum.operation == "ReduceSum",
      operands(sum).first == quotient[0], let power = graph.producer(of: quotient[0]),
      power.operation == "Exp", let exponent = power.input(0).map(root)
    else { return nil }
    guard let difference = graph.producer(of: exponent), difference.operation == "Sub",
      case let terms = operands(difference), terms.count == 2,
      let largest = graph.producer(of: terms[1]), largest.operation == "ReduceMax",
      operands(largest).first == terms[0]
    else { return exponent }
    return terms[0]
  }

  /// Whether what `value` becomes is cut off below zero by the range of a quantised type.
  ///
  /// Quantisers leave a ReLU out before a range that holds no negative numbers.
  func isClippedAtZero(_ value: String) -> Bool {
    if let node = graph.producer(of: value), clipsAtZero(node) { return true }
    return firstTaker(of: value) { node, isCopy in isCopy && clipsAtZero(node) ? true : nil }
      ?? false
  }

  /// Whether the zero point of an operator's result is the least integer of its type.
  private func clipsAtZero(_ node: OperatorNode) -> Bool {
    let place: Int
    switch node.operation {
    case "QuantizeLinear": place = 2
    case "QLinearMatMul", "QLinearAdd": place = 7
    case "QGemm": place = 8
    default: return false
    }
    guard let name = node.input(place) else { return node.operation == "QuantizeLinear" }
    guard let zero = constant(name), let values = zero.values, !values.isEmpty else { return false }
    let least: Double
    switch zero.tensor.type {
    case .uint8, .uint16: least = 0
    case .int8: least = -128
    case .int16: least = -32768
    default: return false
    }
    return values.allSatisfy { $0 == least }
  }
}
