internal import AlbertBytes
internal import AlbertGraphs
internal import AlbertPlatform
internal import AlbertTensors

/// Operators between quantised values, which onnxruntime's quantiser makes of the plain ones.
enum QuantizedElementOperators {
  static let operators: [Operator] = [
    quantized("QLinearAdd", add),
    quantized("QLinearMul", multiply),
    quantized("QLinearSigmoid", sigmoid),
    quantized("QLinearLeakyRelu", leakyRelu),
    quantized("QLinearSoftmax", softmax),
    quantized("QLinearConcat", concatenate),
    quantized("QLinearWhere", select),
  ]

  /// An operator that is the plain one of its name where nothing is rounded.
  private static func quantized(
    _ name: String, _ rounded: @escaping Operator.Function
  ) -> Operator {
    Operator(name, domain: "com.microsoft") { (call) throws(OperatorError) in
      call.keepsNumbers ? [try PlainElements(call).run()] : try rounded(call)
    }
  }

  // Each step is Float32, in onnxruntime's order: another order would turn a few halves the other way.

  private static func add(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let (a, b, c) = try operands(call)
    guard a.type.bits <= 8 else {
      return try combine(call, a, b, c) { (a.number($0) + b.number($1)) / c.scale + Float(c.zero) }
    }
    let (x, y) = (a.scale / c.scale, b.scale / c.scale)
    // What is the same along the innermost axis goes with what is fixed, each step rounded once
    // (MLAS, `MlasQLinearAddKernelAvx2Helper`).
    if try repeats(a, beside: b, call) {
      let fixed = Float(c.zero) - (x * Float(a.zero)).addingProduct(y, Float(b.zero))
      return try combine(call, a, b, c) {
        fixed.addingProduct(Float($0), x).addingProduct(Float($1), y)
      }
    }
    let fixed = Float(c.zero) - (y * Float(b.zero)).addingProduct(x, Float(a.zero))
    return try combine(call, a, b, c) {
      fixed.addingProduct(Float($1), y).addingProduct(Float($0), x)
    }
  }

  /// Whether `a` has one element where `b` has several along the innermost axis that has any.
  private static func repeats(
    _ a: QuantizedInput, beside b: QuantizedInput, _ call: OperatorCall
  ) throws(OperatorError) -> Bool {
    let extents = try call.broadcast([a.value, b.value]).dimensions
    guard let axis = extents.lastIndex(where: { $0 > 1 }) else { return false }
    func extent(_ value: GraphValue) -> Int {
      let place = axis - (extents.count - value.rank)
      return place < 0 ? 1 : value.dimensions[place]
    }
    return extent(a.value) == 1 && extent(b.value) > 1
  }

  private static func multiply(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let (a, b, c) = try operands(call)
    let scale = a.scale * b.scale / c.scale
    return try combine(call, a, b, c) {
      Float(($0 - a.zero) * ($1 - b.zero)) * scale + Float(c.zero)
    }
  }

  /// Both operands and how the result is quantised.
  private static func operands(
    _ call: OperatorCall
  ) throws(OperatorError) -> (QuantizedInput, QuantizedInput, QuantizedInput) {
    let a = try QuantizedInput(call, 0, scale: 1, zero: 2)
    let b = try QuantizedInput(call, 3, scale: 4, zero: 5)
    guard a.type == b.type else { throw .invalid("the operands have different types") }
    return (a, b, try QuantizedInput(call, 0, scale: 6, zero: 7))
  }

  private static func combine(
    _ call: OperatorCall, _ a: QuantizedInput, _ b: QuantizedInput, _ c: QuantizedInput,
    _ body: (Int64, Int64) -> Float
  ) throws(OperatorError) -> [GraphValue?] {
    let shape = try call.broadcast([a.value, b.value])
    let integers = call.pairs((a.integers, a.value.shape), (b.integers, b.value.shape), over: shape)
    {
      Quantizing.integer(Double(body($0, $1)), zeroPoint: 0, c.type)
    }
    return [c.result(call, integers, c.type, shape)]
  }

  private static func sigmoid(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    try table(call) { 1 / (1 + exp(-$0)) }
  }

  private static func leakyRelu(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let alpha = try call.number("alpha", else: 0.01)
    return try table(call) { $0 < 0 ? alpha * $0 : $0 }
  }

  /// A function of one number, of which there are only as many as a byte has values.
  private static func table(
    _ call: OperatorCall, _ body: (Double) -> Double
  ) throws(OperatorError) -> [GraphValue?] {
    let x = try QuantizedInput(call, 0, scale: 1, zero: 2)
    let y = try QuantizedInput(call, 0, scale: 3, zero: 4)
    let integers = x.integers.map { y.quantized(Float(body(Double(x.number($0))))) }
    return [y.result(call, integers, x.type, x.value.shape)]
  }

  private static func softmax(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let x = try QuantizedInput(call, 0, scale: 1, zero: 2)
    let y = try QuantizedInput(call, 0, scale: 3, zero: 4)
    let extents = x.value.dimensions
    let version = try call.integer("opset", else: 13)
    let axis = try call.axis(
      try call.integer("axis", else: version < 13 ? 1 : -1), rank: extents.count)
    // Before version 13 all axes from this one on are one.
    let width = version < 13 ? extents[axis...].reduce(1, *) : extents[axis]
    let inner = version < 13 ? 1 : extents[(axis + 1)...].reduce(1, *)
    var result = [Int64](repeating: 0, count: x.integers.count)
    guard width > 0, inner > 0 else { return [GraphValue(result, x.type, x.value.shape)] }
    // What it is in onnxruntime: Float32 powers, so large that their sum just fits, times a whole number
    // of steps, 254 for a scale that is the Float32 above 1/255.
    let room = log(Double(Float.greatestFiniteMagnitude / Float(width))) - 5
    let shift = max(0, room) / Double(x.scale)
    let steps = (1 / y.scale).rounded(.down)
    for row in 0..<result.count / width {
      let start = row / inner * width * inner + row % inner
      let places = (0..<width).map { start + $0 * inner }
      let largest = places.map { x.integers[$0] }.max() ?? 0
      let powers = places.map {
        Float(exp((Double(x.integers[$0] - largest) + shift) * Double(x.scale)))
      }
      let sum = powers.reduce(0, +)
      for (place, power) in zip(places, powers) {
        result[place] = Quantizing.integer(Double(power * steps / sum), zeroPoint: y.zero, y.type)
      }
    }
    return [y.result(call, result, x.type, x.value.shape)]
  }

  private static func concatenate(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    guard call.inputs.count >= 5, (call.inputs.count - 2).isMultiple(of: 3) else {
      throw .invalid("it takes a value, a scale and a zero point of each part")
    }
    let parts = try stride(from: 2, to: call.inputs.count, by: 3).map {
      (index) throws(OperatorError) in
      try QuantizedInput(call, index, scale: index + 1, zero: index + 2)
    }
    let y = try QuantizedInput(call, 2, scale: 0, zero: 1)
    let first = parts[0].value.dimensions
    let axis = try call.axis(try call.integer("axis", else: 0), rank: first.count)
    var extents = first
    extents[axis] = 0
    for part in parts {
      var own = part.value.dimensions
      guard own.count == first.count, part.type == y.type else {
        throw .invalid("the parts have different axes or types")
      }
      guard let sum = extents[axis].adding(own[axis]) else {
        throw .invalid("the parts are too long together")
      }
      extents[axis] = sum
      own[axis] = first[axis]
      guard own == first else { throw .invalid("the parts have different extents") }
    }
    let shape = try call.shape(extents)
    let outer = first[..<axis].reduce(1, *)
    try call.spend(extents: [outer, parts.count])
    var integers: [Int64] = []
    for entry in 0..<outer {
      for part in parts {
        let width = part.value.shape.count(from: axis)
        integers += part.integers[entry * width..<(entry + 1) * width].map {
          y.quantized(part.number($0))
        }
      }
    }
    return [y.result(call, integers, y.type, shape)]
  }

  private static func select(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let condition = try call.input(0)
    let x = try QuantizedInput(call, 1, scale: 2, zero: 3)
    let y = try QuantizedInput(call, 4, scale: 5, zero: 6)
    let z = try QuantizedInput(call, 1, scale: 7, zero: 8)
    guard x.type == y.type else { throw .invalid("the operands have different types") }
    let shape = try call.broadcast([condition, x.value, y.value])
    _ = try call.flags(0)
    let flags = condition.expanded(to: shape).doubles
    let first = x.value.expanded(to: shape).doubles
    let second = y.value.expanded(to: shape).doubles
    let integers = flags.indices.map { index in
      z.quantized(flags[index] != 0 ? x.number(first[index]) : y.number(second[index]))
    }
    return [z.result(call, integers, x.type, shape)]
  }
}

/// A quantised value with the one scale and zero point that all of it has.
private struct QuantizedInput {
  let value: GraphValue
  let integers: [Int64]
  let scale: Float
  let zero: Int64
  /// The type of its integers.
  let type: GraphType

  init(
    _ call: OperatorCall, _ index: Int, scale: Int, zero: Int
  ) throws(OperatorError) {
    value = try call.input(index)
    integers = try call.integers(index)
    guard let scale = try call.single(scale) else { throw .invalid("a scale is missing") }
    self.scale = Float(scale)
    self.zero = try call.zeroPoint(zero)
    type = value.type
    guard type.bits <= 16 else { throw .unsupported("quantised values of \(type.bits) bits") }
  }

  /// The number that an integer stands for.
  func number(_ integer: Int64) -> Float { Float(integer - zero) * scale }
  func number(_ integer: Double) -> Float { (Float(integer) - Float(zero)) * scale }

  /// The integer that a number becomes.
  func quantized(_ number: Float) -> Int64 {
    Quantizing.integer(Double(number / scale), zeroPoint: zero, type)
  }

  /// The operator's result, of integers with this zero point.
  func result(
    _ call: OperatorCall, _ integers: [Int64], _ type: GraphType, _ shape: Shape
  ) -> GraphValue {
    call.rounds(to: integers.map { $0 - zero })
    return GraphValue(integers, type, shape)
  }
}
