internal import AlbertGraphs
internal import AlbertPlatform
internal import AlbertTensors

/// Sums, products and the like of two or more values, element by element.
enum ArithmeticOperators {
  static let operators: [Operator] = [
    Operator("Add", run: ofTwo(sum)),
    Operator("Sub", run: ofTwo(difference)),
    Operator("Mul", run: ofTwo(product)),
    Operator("Div", run: divide),
    Operator("Mod", run: modulo),
    Operator("Pow", run: power),
    Operator("Max", run: { (call) throws(OperatorError) in [try extreme(call, isMax: true)] }),
    Operator("Min", run: { (call) throws(OperatorError) in [try extreme(call, isMax: false)] }),
    Operator("Sum", run: { (call) throws(OperatorError) in [try total(call)] }),
    Operator("Mean", run: mean),
    Operator("BitwiseAnd", since: 18, run: bitwise(.and)),
    Operator("BitwiseOr", since: 18, run: bitwise(.or)),
    Operator("BitwiseXor", since: 18, run: bitwise(.xor)),
    Operator("BitShift", since: 11, run: shift),
  ]

  /// An operator of the first two inputs.
  private static func ofTwo(
    _ function:
      @escaping @Sendable (
        OperatorCall, GraphValue, GraphValue
      ) throws(OperatorError) -> GraphValue
  ) -> Operator.Function {
    { (call) throws(OperatorError) in
      [try function(call, try call.input(0), try call.input(1))]
    }
  }

  /// The sum of two values.
  static func sum(
    _ call: OperatorCall, _ a: GraphValue, _ b: GraphValue
  ) throws(OperatorError) -> GraphValue {
    try combine(call, a, b, { $0 + $1 }, { $0 &+ $1 })
  }

  /// The difference of two values.
  static func difference(
    _ call: OperatorCall, _ a: GraphValue, _ b: GraphValue
  ) throws(OperatorError) -> GraphValue {
    try combine(call, a, b, { $0 - $1 }, { $0 &- $1 })
  }

  /// The product of two values, element by element.
  static func product(
    _ call: OperatorCall, _ a: GraphValue, _ b: GraphValue
  ) throws(OperatorError) -> GraphValue {
    try combine(call, a, b, { $0 * $1 }, { $0 &* $1 })
  }

  /// Two values combined element by element, integers as their type overflows; `numbers` is nil where those
  /// with a fraction have no result.
  ///
  /// Inlined, so that the loops of what graphs compute most know what they compute.
  @inline(__always)
  static func combine(
    _ call: OperatorCall, _ a: GraphValue, _ b: GraphValue,
    _ numbers: ((Double, Double) -> Double)?,
    _ integers: (Int64, Int64) -> Int64
  ) throws(OperatorError) -> GraphValue {
    let b = try aligned(call, a, b)
    let shape = try call.broadcast([a, b])
    guard a.type == b.type else { throw .invalid("the inputs have different types") }
    switch (a.storage, b.storage) {
    case (.numbers(let x), .numbers(let y)):
      guard let numbers else { throw .invalid("it takes integers only") }
      return GraphValue(
        call.pairs((x, a.shape), (y, b.shape), over: shape, numbers), a.type, shape)
    case (.integers(let x), .integers(let y)):
      let type = a.type
      return GraphValue(
        call.pairs((x, a.shape), (y, b.shape), over: shape) { type.wrapped(integers($0, $1)) },
        type, shape)
    default: throw .invalid("it takes numbers only")
    }
  }

  /// The second value as versions before 7 place it: with `broadcast`, its axes begin at `axis`.
  static func aligned(
    _ call: OperatorCall, _ a: GraphValue, _ b: GraphValue
  ) throws(OperatorError) -> GraphValue {
    guard call.version < 7, call.node.domain.isEmpty, let axis = try call.integer("axis"),
      b.rank <= a.rank
    else { return b }
    let start = try call.axis(axis, rank: a.rank, orEnd: true)
    guard start + b.rank <= a.rank else { throw .invalid("axis \(axis) leaves too few axes") }
    let trailing = [Int](repeating: 1, count: a.rank - start - b.rank)
    return b.reshaped(try call.shape(b.dimensions + trailing))
  }

  private static func divide(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let (a, b) = (try call.input(0), try call.input(1))
    if case .integers(let divisors) = b.storage, divisors.contains(0) {
      throw .invalid("an integer is divided by zero")
    }
    let isUnsigned = a.type == .uint64
    return [
      try combine(call, a, b, { $0 / $1 }) { x, y in
        isUnsigned
          ? Int64(bitPattern: UInt64(bitPattern: x) / UInt64(bitPattern: y))
          // The least integer by -1 overflows, as it does everywhere.
          : x.dividedReportingOverflow(by: y).partialValue
      }
    ]
  }

  private static func modulo(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let (a, b) = (try call.input(0), try call.input(1))
    let isC = try call.integer("fmod", else: 0) != 0
    if case .integers(let divisors) = b.storage, divisors.contains(0) {
      throw .invalid("an integer is divided by zero")
    }
    let isUnsigned = a.type == .uint64
    return [
      try combine(call, a, b, isC ? { fmod($0, $1) } : floorModulo) { x, y in
        if isUnsigned { return Int64(bitPattern: UInt64(bitPattern: x) % UInt64(bitPattern: y)) }
        let rest = x.remainderReportingOverflow(dividingBy: y).partialValue
        // Python's rest has the divisor's sign, C's the dividend's.
        return !isC && rest != 0 && (rest < 0) != (y < 0) ? rest + y : rest
      }
    ]
  }

  /// The rest of a division that rounds down, which has the divisor's sign, were it a zero.
  private static func floorModulo(_ x: Double, _ y: Double) -> Double {
    let rest = fmod(x, y)
    guard rest != 0 else { return copysign(rest, y) }
    return (rest < 0) != (y < 0) ? rest + y : rest
  }

  private static func power(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let (a, b) = (try call.input(0), try call.input(1))
    let shape = try call.broadcast([a, b])
    if case .integers(let x) = a.storage, case .integers(let y) = b.storage {
      let type = a.type
      return [
        GraphValue(
          call.pairs((x, a.shape), (y, b.shape), over: shape) { type.wrapped(power($0, $1)) },
          type, shape)
      ]
    }
    let isSingle = call.isSingle(a)
    let results = call.pairs((a.doubles, a.shape), (b.doubles, b.shape), over: shape) { x, y in
      switch y {
      case 2: x * x
      case 3: isSingle ? Double(Float(x * x)) * x : x * x * x
      case 0.5: x.squareRoot()
      default: pow(x, y)
      }
    }
    guard a.type.family == .integers else { return [GraphValue(results, a.type, shape)] }
    let type = a.type
    return [GraphValue(results.map { CastOperators.integer($0, type) }, type, shape)]
  }

  private static func power(_ base: Int64, _ exponent: Int64) -> Int64 {
    guard exponent >= 0 else {
      return base == 1 ? 1 : base == -1 ? (exponent & 1 == 0 ? 1 : -1) : 0
    }
    var (result, factor, rest): (Int64, Int64, Int64) = (1, base, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result = result &* factor }
      factor = factor &* factor
      rest >>= 1
    }
    return result
  }

  private static func larger(_ x: Double, _ y: Double) -> Double {
    x.isNaN || y.isNaN ? .nan : max(x, y)
  }

  private static func smaller(_ x: Double, _ y: Double) -> Double {
    x.isNaN || y.isNaN ? .nan : min(x, y)
  }

  /// The largest of any number of values, or the smallest.
  private static func extreme(
    _ call: OperatorCall, isMax: Bool
  ) throws(OperatorError) -> GraphValue {
    var result = try call.input(0)
    let isUnsigned = result.type == .uint64
    for index in call.inputs.indices.dropFirst() {
      let numbers = isMax ? larger : smaller
      result = try combine(call, result, try call.input(index), numbers) { x, y in
        let isLess = isUnsigned ? UInt64(bitPattern: x) < UInt64(bitPattern: y) : x < y
        return isLess == isMax ? y : x
      }
    }
    return result
  }

  /// The sum of any number of values.
  private static func total(_ call: OperatorCall) throws(OperatorError) -> GraphValue {
    var result = try call.input(0)
    for index in call.inputs.indices.dropFirst() {
      result = try sum(call, result, try call.input(index))
    }
    return result
  }

  private static func mean(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let sum = try total(call)
    guard case .numbers(let values) = sum.storage else { throw .invalid("it takes numbers only") }
    let count = Double(call.inputs.count)
    return [GraphValue(values.map { $0 / count }, sum.type, sum.shape)]
  }

  private enum Bitwise {
    case and, or, xor
  }

  private static func bitwise(_ operation: Bitwise) -> Operator.Function {
    { (call) throws(OperatorError) in
      let result = try combine(call, try call.input(0), try call.input(1), nil) { x, y in
        switch operation {
        case .and: x & y
        case .or: x | y
        case .xor: x ^ y
        }
      }
      return [result]
    }
  }

  private static func shift(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let direction = try call.text("direction", else: "")
    guard ["LEFT", "RIGHT"].contains(direction) else {
      throw .invalid("the setting 'direction' is '\(direction)', neither LEFT nor RIGHT")
    }
    let type = try call.input(0).type
    return [
      try combine(call, try call.input(0), try call.input(1), nil) { x, y in
        // By less than nothing or by all bits and more, only copies of the sign are left.
        guard (0..<Int64(type.bits)).contains(y) else {
          return direction == "RIGHT" && type.isSigned && x < 0 ? -1 : 0
        }
        if direction == "LEFT" { return x << y }
        return type.isSigned ? x >> y : Int64(bitPattern: UInt64(bitPattern: x) >> y)
      }
    ]
  }
}
