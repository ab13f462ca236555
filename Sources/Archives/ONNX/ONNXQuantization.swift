internal import AlbertTensors

/// How a graph turns a tensor of integers back into numbers: (q - zero point) x scale.
///
/// Read off the operators, never off names: quantisers name tensors as they like, and let several
/// matrices share one zero point under the name of another.
struct ONNXQuantization {
  /// The tensors whose product is the scale: one number for all, or one per index of `axis`.
  let scales: [String]
  /// The tensor of the zero point, which is 0 without one.
  let zeroPoint: String?
  /// The axis of the integers along which scales differ; nil for one scale.
  let axis: Int?
  /// The type of 16 bits that each number is rounded to; nil for none.
  var rounding: ElementType?

  /// Every constant that turning back takes.
  var parts: [String] { scales + [zeroPoint].compactMap(\.self) }

  /// What the search has found.
  struct Findings {
    /// By the name of the tensor of integers.
    var found: [String: ONNXQuantization] = [:]
    /// Tensors that are turned back in a way that is not read here, or in two ways.
    var unclear: Set<String> = []
  }

  /// Every tensor of integers in `graph` that some operator turns back into numbers.
  static func find(in graph: OperatorGraph) -> Findings {
    var search = ONNXQuantizationSearch(graph: graph)
    for index in graph.nodes.indices { search.visit(index) }
    return search.findings
  }
}

/// The search for quantised tensors in one graph.
private struct ONNXQuantizationSearch {
  let graph: OperatorGraph
  var findings = ONNXQuantization.Findings()

  /// Operators followed from a value to the tensor behind it, or on from a product.
  static let farthest = 16

  mutating func visit(_ index: Int) {
    let node = graph.nodes[index]
    switch node.operation {
    case "DequantizeLinear":
      record(
        node.input(0), scales: [node.input(1)], zeroPoint: node.input(2),
        axis: node.integer("axis") ?? 1, blocks: node.integer("block_size") ?? 0,
        isRounded: true)
    case "MatMulInteger":
      record(
        node.input(1), scales: [node.outputs.first.flatMap { scale(behind: $0) }],
        zeroPoint: node.input(3), axis: -1)
    case "DynamicQuantizeMatMul":
      record(node.input(1), scales: [node.input(2)], zeroPoint: node.input(3), axis: -1)
    case "MatMulIntegerToFloat":
      record(node.input(1), scales: [node.input(3)], zeroPoint: node.input(5), axis: -1)
    case "QLinearMatMul", "QLinearAdd", "QLinearMul", "QGemm":
      let isFlipped = node.operation == "QGemm" && node.integer("transB") == 1
      record(node.input(0), scales: [node.input(1)], zeroPoint: node.input(2), axis: -1)
      record(
        node.input(3), scales: [node.input(4)], zeroPoint: node.input(5), axis: isFlipped ? 0 : -1)
      if node.operation == "QGemm" {
        // The sum is made before scaling, so the bias has the product's scale.
        record(
          node.input(6), scales: [node.input(1), node.input(4)], zeroPoint: nil, axis: -1)
      }
    default: break
    }
  }

  /// Records that `value` is turned back with `scales`, whose axis is one of `value`'s own; what
  /// `isRounded` has the type of its scale.
  private mutating func record(
    _ value: String?, scales: [String?], zeroPoint: String?, axis: Int, blocks: Int = 0,
    isRounded: Bool = false
  ) {
    guard let value, let (name, axis) = tensor(behind: value, axis: axis),
      let tensor = graph.constants[name]?.tensor
    else { return }
    switch tensor.type {
    case .int8, .uint8, .int16, .uint16, .int32: break
    default: return
    }
    let zero = zeroPoint.flatMap(constant)
    let stated = scales.count
    let scales = scales.compactMap { $0.flatMap(constant) }
    let zeros = zero.flatMap { graph.constants[$0]?.tensor }
    let extent = axis.map { tensor.shape.dimensions[$0] }
    let counts = scales.compactMap { scale -> Int? in
      guard let tensor = graph.constants[scale]?.tensor, tensor.type.isFloatingPoint else {
        return nil
      }
      return tensor.shape.count
    }
    let count = counts.max() ?? 0
    guard blocks == 0, zero != nil || zeroPoint == nil, zeros == nil || zeros?.type == tensor.type,
      counts.count == stated, counts.allSatisfy({ $0 == 1 || $0 == extent }),
      [1, count].contains(zeros?.shape.count ?? 1)
    else {
      findings.unclear.insert(name)
      return
    }
    var quantization = ONNXQuantization(
      scales: scales, zeroPoint: zero, axis: count == 1 ? nil : axis)
    // One list of numbers may be turned back by an operator and be taken as integers by another.
    if isRounded, let type = scales.first.flatMap({ graph.constants[$0]?.tensor.type }),
      type.roundoff > ElementType.float32.roundoff
    {
      quantization.rounding = type
    }
    if let other = findings.found.updateValue(quantization, forKey: name),
      !isSame(quantization, other)
    {
      findings.unclear.insert(name)
    }
  }

  /// Whether two ways to turn a tensor back are one: optimisers repeat single scales, and keep them in
  /// several types.
  private func isSame(_ a: ONNXQuantization, _ b: ONNXQuantization) -> Bool {
    func isSame(_ a: String, _ b: String) -> Bool {
      guard a != b else { return true }
      guard let x = graph.constants[a]?.values, let y = graph.constants[b]?.values else {
        return false
      }
      return x == y
    }
    guard a.axis == b.axis, a.rounding == b.rounding, a.scales.count == b.scales.count,
      (a.zeroPoint == nil) == (b.zeroPoint == nil)
    else { return false }
    return zip(a.parts, b.parts).allSatisfy { isSame($0, $1) }
  }

  /// The constant that `value` stands for.
  private func constant(_ value: String) -> String? {
    tensor(behind: value, axis: 0).map(\.name)
  }

  /// The tensor that `value` is, moved about but with its numbers unchanged, and which of the
  /// tensor's axes `axis` of the value is; nil where that axis is lost.
  private func tensor(behind value: String, axis: Int) -> (name: String, axis: Int?)? {
    var value = value
    var axis: Int? = axis
    for _ in 0..<Self.farthest {
      if let constant = graph.constants[value] {
        let rank = constant.tensor.shape.rank
        let counted = axis.map { $0 < 0 ? $0 + rank : $0 }
        return (value, counted.flatMap { (0..<rank).contains($0) ? $0 : nil })
      }
      guard let node = graph.producer(of: value), let input = node.input(0) else { return nil }
      switch node.operation {
      case "Identity": break
      case "Transpose":
        let order = node.integers("perm") ?? [1, 0]
        let counted = axis.map { $0 < 0 ? $0 + order.count : $0 }
        axis = counted.flatMap { order.indices.contains($0) ? order[$0] : nil }
      case "Gather":
        // Rows taken from a table: its last axis stays the last one.
        if axis != -1 { axis = nil }
      case "Reshape", "Squeeze", "Unsqueeze": axis = nil
      default: return nil
      }
      value = input
    }
    return nil
  }

  /// The one constant that the product of integers is multiplied by, beside the scale of the other
  /// operand that is measured while running.
  private func scale(behind product: String) -> String? {
    var value = product
    var found: [String] = []
    for _ in 0..<Self.farthest {
      guard let user = graph.consumers(of: value).first else { break }
      let node = graph.nodes[user]
      guard let output = node.outputs.first else { break }
      switch node.operation {
      case "Cast", "Identity", "Reshape": break
      case "Mul":
        guard let other = node.inputs.first(where: { $0 != value }) else { return nil }
        found += factors(other)
      default: return found.count == 1 ? found[0] : nil
      }
      value = output
    }
    return found.count == 1 ? found[0] : nil
  }

  /// The constants that `value` is a product of.
  private func factors(_ value: String, depth: Int = 0) -> [String] {
    if let name = constant(value) { return [name] }
    guard depth < 4, let node = graph.producer(of: value), node.operation == "Mul" else {
      return []
    }
    return node.inputs.flatMap { factors($0, depth: depth + 1) }
  }
}
