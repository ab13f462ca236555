internal import AlbertGraphs
internal import AlbertTensors

/// An operator between quantised values where nothing is rounded: the plain operator of its name between the
/// numbers that they stand for.
struct PlainElements {
  private let call: OperatorCall

  init(_ call: OperatorCall) { self.call = call }

  /// Where an operator has its operands, each with a scale and a zero point behind it, and how its result is
  /// quantised; what it takes as it is comes first.
  private struct Places {
    var whole: [Int] = []
    let operands: [Int]
    let result: Int
  }

  private func places(_ operation: String) throws(OperatorError) -> Places {
    switch operation {
    case "Add", "Mul": return Places(operands: [0, 3], result: 6)
    case "Where": return Places(whole: [0], operands: [1, 4], result: 7)
    case "Concat":
      guard call.inputs.count >= 5, (call.inputs.count - 2).isMultiple(of: 3) else {
        throw .invalid("it takes a value, a scale and a zero point of each part")
      }
      return Places(operands: Array(stride(from: 2, to: call.inputs.count, by: 3)), result: 0)
    default: return Places(operands: [0], result: 3)
    }
  }

  /// The result.
  func run() throws(OperatorError) -> GraphValue {
    let operation = String(call.node.operation.dropFirst("QLinear".count))
    let places = try places(operation)
    var inputs: [GraphValue] = []
    for index in places.whole { inputs.append(try call.input(index)) }
    for index in places.operands { inputs.append(try number(index)) }
    let node = GraphNode(
      name: call.node.name, operation: operation, version: try call.integer("opset", else: 13),
      inputs: call.node.inputs, outputs: call.node.outputs, attributes: call.node.attributes)
    guard let plain = OperatorTable.find(node) else {
      throw .unsupported("version \(node.version) of it")
    }
    let results = try plain.run(
      OperatorCall(
        row: plain, node: node, inputs: inputs, evaluation: call.evaluation, scope: call.scope))
    guard let result = results.first ?? nil, case .numbers(let numbers) = result.storage else {
      throw .invalid("it gives no numbers")
    }
    let (scale, zero) = try grid(places.result)
    let type = call.optional(places.result + 1)?.type
    let kept = numbers.map { Quantizing.kept($0, zeroPoint: zero, type) }
    let grid = GraphValue.Grid(scale: scale, zeroPoint: Double(zero))
    return GraphValue(kept, on: grid, result.shape)
  }

  /// The numbers that the value at `index` stands for.
  private func number(_ index: Int) throws(OperatorError) -> GraphValue {
    let value = try call.input(index)
    let grid = try grid(index + 1)
    return GraphValue(try call.dequantized(index) { _ in grid }, .float64, value.shape)
  }

  /// The scale at `index` and the zero point behind it.
  private func grid(_ index: Int) throws(OperatorError) -> (scale: Double, zeroPoint: Int64) {
    guard let scale = try call.single(index) else { throw .invalid("a scale is missing") }
    return (scale, try call.zeroPoint(index + 1))
  }
}
