internal import AlbertGraphs
internal import AlbertPlatform
internal import AlbertTensors

/// The functions between the layers of networks.
enum ActivationOperators {
  static let operators: [Operator] = [
    Operator("Relu", run: relu),
    Operator("Gelu", since: 20, run: gelu),
    Operator("Elu", run: shaped(1) { x, alpha, _ in x < 0 ? alpha * expm1(x) : x }),
    Operator(
      "Celu", since: 12,
      run: shaped(1) { x, alpha, _ in max(0, x) + min(0, alpha * expm1(x / alpha)) }),
    Operator("LeakyRelu", run: shaped(0.01) { x, alpha, _ in x < 0 ? alpha * x : x }),
    Operator("ThresholdedRelu", since: 10, run: shaped(1) { x, alpha, _ in x > alpha ? x : 0 }),
    Operator(
      "Selu",
      run: shaped(1.67326319217681884765625, gamma: 1.05070102214813232421875) { x, alpha, gamma in
        gamma * (x > 0 ? x : alpha * expm1(x))
      }),
    Operator(
      "HardSigmoid",
      run: shaped(0.2, beta: 0.5) { x, alpha, beta in min(1, max(0, alpha * x + beta)) }),
    Operator(
      "HardSwish", since: 14, run: UnaryOperators.unary { x in x * min(1, max(0, x / 6 + 0.5)) }),
    Operator(
      "Swish", since: 24, run: shaped(1) { x, alpha, _ in x / (1 + exp(-alpha * x)) }),
    Operator("Mish", since: 18, run: UnaryOperators.unary { x in x * tanh(softplus(x)) }),
    Operator("Softplus", run: UnaryOperators.unary { x in softplus(x) }),
    Operator("Softsign", run: UnaryOperators.unary { x in x / (1 + abs(x)) }),
    Operator("Shrink", since: 9, run: shrink),
    Operator("PRelu", since: 7, run: slopedRelu),
    Operator("SwiGLU", since: 28, run: gated),
  ]

  private static func softplus(_ x: Double) -> Double { max(x, 0) + log1p(exp(-abs(x))) }

  /// The first input by Swish, times the second.
  private static func gated(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let (gate, value) = (try call.input(0), try call.input(1))
    guard gate.shape == value.shape else { throw .invalid("the inputs have different shapes") }
    let alpha = try call.number("alpha", else: 1)
    let gates = try call.numbers(0).map { $0 / (1 + exp(-alpha * $0)) }
    return [
      try ArithmeticOperators.product(call, GraphValue(gates, gate.type, gate.shape), value)
    ]
  }

  /// A function of a number and the settings `alpha` and `beta` or `gamma`.
  private static func shaped(
    _ alpha: Double, beta: Double? = nil, gamma: Double? = nil,
    _ body: @escaping @Sendable (Double, Double, Double) -> Double
  ) -> Operator.Function {
    { (call) throws(OperatorError) in
      let first = try call.number("alpha", else: alpha)
      var second = 0.0
      if let beta { second = try call.number("beta", else: beta) }
      if let gamma { second = try call.number("gamma", else: gamma) }
      return [try call.each(try call.numbers(0)) { body($0, first, second) }]
    }
  }

  private static func relu(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let x = try call.input(0)
    switch x.storage {
    case .numbers(let values): return [GraphValue(values.map { $0 < 0 ? 0 : $0 }, x.type, x.shape)]
    case .integers(let values):
      return [x.type.isSigned ? GraphValue(values.map { max(0, $0) }, x.type, x.shape) : x]
    case .flags: throw .invalid("it takes numbers only")
    }
  }

  private static func gelu(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let form = try call.text("approximate", else: "none")
    switch form {
    case "none":
      return [
        try call.each(
          try call.numbers(0), ActivationFunctions.exactGELU, single: SinglePrecision.exactGELU,
          half: DefinedSteps.exactGELU)
      ]
    case "tanh":
      return [
        try call.each(
          try call.numbers(0), ActivationFunctions.tanhGELU, half: DefinedSteps.tanhGELU)
      ]
    default: throw .unsupported("the form '\(form)' of GELU")
    }
  }

  private static func shrink(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let x = try call.input(0)
    let bias = try call.number("bias", else: 0)
    let edge = try call.number("lambd", else: 0.5)
    func value(_ x: Double) -> Double { x < -edge ? x + bias : x > edge ? x - bias : 0 }
    guard case .integers(let values) = x.storage else {
      return [try call.each(try call.numbers(0), value)]
    }
    return [
      GraphValue(values.map { CastOperators.integer(value(Double($0)), x.type) }, x.type, x.shape)
    ]
  }

  private static func slopedRelu(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let (x, slope) = (try call.input(0), try call.input(1))
    guard Broadcast.fits(slope.dimensions, x.dimensions) else {
      throw .invalid("the slope \(slope.shape) does not fit \(x.shape)")
    }
    return [
      try ArithmeticOperators.combine(call, x, slope, { $0 < 0 ? $0 * $1 : $0 }) {
        $0 < 0 ? $0 &* $1 : $0
      }
    ]
  }
}
