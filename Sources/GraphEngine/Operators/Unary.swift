internal import AlbertGraphs
internal import AlbertPlatform
internal import AlbertTensors

/// Functions of one number.
enum UnaryOperators {
  static let operators: [Operator] = [
    Operator("Abs", run: signed({ $0.magnitude }, { Int64(truncatingIfNeeded: $0.magnitude) })),
    Operator("Neg", run: signed({ -$0 }, { 0 &- $0 })),
    Operator("Sign", since: 9, run: signed({ $0 > 0 ? 1 : $0 < 0 ? -1 : $0 }, { $0.signum() })),
    Operator("BitwiseNot", since: 18, run: bitwiseNot),
    Operator("Sqrt", run: unary { $0.squareRoot() }),
    Operator("Reciprocal", run: unary { 1 / $0 }),
    Operator(
      "Exp",
      run: unary({ exp($0) }, single: { SinglePrecision.power(of: $0) })),
    Operator("Log", run: unary { log($0) }),
    Operator("Floor", run: unary { $0.rounded(.down) }),
    Operator("Ceil", run: unary { $0.rounded(.up) }),
    Operator("Round", since: 11, run: round),
    Operator(
      "Erf", since: 9, run: unary({ erf($0) }, single: { SinglePrecision.errorFunction($0) })),
    Operator("Sin", run: unary { sin($0) }),
    Operator("Cos", run: unary { cos($0) }),
    Operator("Tan", run: unary { tan($0) }),
    Operator("Asin", run: unary { asin($0) }),
    Operator("Acos", run: unary { acos($0) }),
    Operator("Atan", run: unary { atan($0) }),
    Operator("Sinh", run: unary { sinh($0) }),
    Operator("Cosh", run: unary { cosh($0) }),
    Operator("Asinh", run: unary { asinh($0) }),
    Operator("Acosh", run: unary { acosh($0) }),
    Operator("Atanh", run: unary { atanh($0) }),
    Operator("Tanh", run: unary({ tanh($0) }, single: { SinglePrecision.tangent($0) })),
    Operator("Sigmoid", run: unary { 1 / (1 + exp(-$0)) }),
    Operator(
      "Clip",
      moved: [
        MovedAttribute("min", since: 11, input: 1), MovedAttribute("max", since: 11, input: 2),
      ], run: clip),
  ]

  /// An operator of numbers with a fraction; `single` is its form in Float32.
  static func unary(
    _ body: @escaping @Sendable (Double) -> Double,
    single: (@Sendable (Float) -> Float)? = nil
  ) -> Operator.Function {
    { (call) throws(OperatorError) in
      [try call.each(try call.numbers(0), body, single: single)]
    }
  }

  private static func round(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let result = try unary { $0.rounded(.toNearestOrEven) }(call)
    call.rounds(to: result.flatMap { $0?.doubles ?? [] }.map { Int64(exactly: $0) ?? 0 })
    return result
  }

  /// An operator of numbers and integers.
  private static func signed(
    _ numbers: @escaping @Sendable (Double) -> Double,
    _ integers: @escaping @Sendable (Int64) -> Int64
  ) -> Operator.Function {
    { (call) throws(OperatorError) in
      let x = try call.input(0)
      switch x.storage {
      case .numbers(let values): return [GraphValue(values.map(numbers), x.type, x.shape)]
      case .integers(let values):
        guard x.type.isSigned else {
          // Without a sign a number is its own magnitude, and its sign is 0 or 1.
          let isSign = call.node.operation == "Sign"
          return [isSign ? GraphValue(values.map { $0 == 0 ? Int64(0) : 1 }, x.type, x.shape) : x]
        }
        return [GraphValue(values.map { x.type.wrapped(integers($0)) }, x.type, x.shape)]
      case .flags: throw .invalid("it takes numbers only")
      }
    }
  }

  private static func bitwiseNot(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let x = try call.input(0)
    return [GraphValue(try call.integers(0).map { x.type.wrapped(~$0) }, x.type, x.shape)]
  }

  private static func clip(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let x = try call.input(0)
    if case .integers(let values) = x.storage {
      for index in [1, 2] {
        if let limit = call.optional(index), limit.count != 1 || limit.type != x.type {
          throw .invalid("a limit is no number of the same type")
        }
      }
      let least = call.optional(1) != nil ? try call.integers(1)[0] : nil
      let most = call.optional(2) != nil ? try call.integers(2)[0] : nil
      let flip = x.type == .uint64 ? Int64.min : 0
      // With the highest bit turned over, unsigned integers are in the order of signed ones.
      return [
        GraphValue(
          values.map { value in
            var value = value
            if let least, value ^ flip < least ^ flip { value = least }
            if let most, value ^ flip > most ^ flip { value = most }
            return value
          }, x.type, x.shape)
      ]
    }
    var least: Double? = try call.single(1)
    var most: Double? = try call.single(2)
    if !call.isInput("min"), call.node.attributes["min"] != nil {
      least = try call.number("min", else: 0)
    }
    if !call.isInput("max"), call.node.attributes["max"] != nil {
      most = try call.number("max", else: 0)
    }
    let numbers = try call.numbers(0).map { number in
      var number = number
      if let least, number < least { number = least }
      if let most, number > most { number = most }
      return number
    }
    return [GraphValue(numbers, x.type, x.shape)]
  }
}
