internal import AlbertGraphs
internal import AlbertPlatform
internal import AlbertTensors

/// Activations and products that onnxruntime fuses with what stands beside them.
enum MicrosoftActivationOperators {
  static let operators: [Operator] = [
    Operator(
      "Gelu", domain: "com.microsoft",
      run: biased(
        ActivationFunctions.exactGELU, single: SinglePrecision.exactGELU,
        half: DefinedSteps.halfGELU)),
    Operator(
      "BiasGelu", domain: "com.microsoft",
      run: biased(ActivationFunctions.exactGELU, single: SinglePrecision.exactGELU)),
    Operator(
      "FastGelu", domain: "com.microsoft",
      run: biased(ActivationFunctions.tanhGELU, half: DefinedSteps.halfFastGELU)),
    Operator("QuickGelu", domain: "com.microsoft", run: quickGelu),
    Operator("FusedMatMul", domain: "com.microsoft", run: fusedMatMul),
    Operator("TransposeMatMul", domain: "com.microsoft", run: fusedMatMul),
    Operator("FusedGemm", domain: "com.microsoft", run: fusedGemm),
  ]

  /// A function of the first input and, where it is given, a bias for its last axis; `single` is its
  /// form in Float32, and `half` that of float16 where it is another.
  private static func biased(
    _ body: @escaping @Sendable (Double) -> Double,
    single: (@Sendable (Float) -> Float)? = nil, half: (@Sendable (Float) -> Float)? = nil
  ) -> Operator.Function {
    { (call) throws(OperatorError) in
      let x = try call.input(0)
      var numbers = try call.numbers(0)
      if let bias = call.optional(1) {
        guard bias.dimensions == x.dimensions.suffix(1) else {
          throw .invalid("the bias is \(bias.shape) for the input \(x.shape)")
        }
        let added = try call.numbers(1)
        for index in numbers.indices { numbers[index] += added[index % added.count] }
      }
      return [try call.each(numbers, body, single: single, half: half)]
    }
  }

  private static func quickGelu(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let alpha = try call.number("alpha", else: 1.702)
    return [
      try call.each(
        try call.numbers(0), { $0 / (1 + exp(-alpha * $0)) },
        half: { DefinedSteps.halfQuickGELU($0, alpha: alpha) })
    ]
  }

  private static func fusedMatMul(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let a = try turned(call, 0, batch: "transBatchA", last: "transA")
    let b = try turned(call, 1, batch: "transBatchB", last: "transB")
    let product = try ProductOperators.product(call, a, b)
    let alpha = try call.number("alpha", else: 1)
    return [GraphValue(product.doubles.map { $0 * alpha }, a.type, product.shape)]
  }

  /// An operand as the node's settings turn it: its first axis behind those of the batch, then its last
  /// two about each other.
  private static func turned(
    _ call: OperatorCall, _ index: Int, batch: String, last: String
  ) throws(OperatorError) -> GraphValue {
    let value = try call.input(index)
    _ = try call.numbers(index)
    var order = Array(0..<value.rank)
    if try call.integer(batch, else: 0) != 0 {
      guard value.rank > 2 else { throw .invalid("the operand \(value.shape) has no batch") }
      order.insert(order.removeFirst(), at: value.rank - 2)
    }
    // A vector has nothing to turn.
    if try call.integer(last, else: 0) != 0, value.rank > 1 {
      order.swapAt(value.rank - 1, value.rank - 2)
    }
    return MovementOperators.transposed(value, order)
  }

  private static func fusedGemm(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let a = try turned(call, 0, batch: "", last: "transA")
    let b = try turned(call, 1, batch: "", last: "transB")
    guard a.rank == 2, b.rank == 2 else { throw .invalid("it takes matrices") }
    let product = try ProductOperators.product(call, a, b)
    let alpha = try call.number("alpha", else: 1)
    var numbers = product.doubles.map { $0 * alpha }
    if let c = call.optional(2) {
      guard Broadcast.fits(c.dimensions, product.shape.dimensions)
      else { throw .invalid("the third matrix does not fit the product") }
      let beta = try call.number("beta", else: 1)
      for (index, number) in c.expanded(to: product.shape).doubles.enumerated() {
        numbers[index] += beta * number
      }
    }
    let activate = try activation(call)
    return [GraphValue(numbers.map(activate), a.type, product.shape)]
  }

  /// The function that the setting `activation` names.
  private static func activation(
    _ call: OperatorCall
  ) throws(OperatorError) -> (Double) -> Double {
    let alpha = try call.number("activation_alpha", else: 0)
    let beta = try call.number("activation_beta", else: 0)
    let name = try call.text("activation", else: "")
    switch name {
    case "": return { $0 }
    case "Relu": return { max(0, $0) }
    case "LeakyRelu": return { $0 < 0 ? alpha * $0 : $0 }
    case "Tanh": return { tanh($0) }
    case "Sigmoid": return { 1 / (1 + exp(-$0)) }
    case "HardSigmoid": return { max(0, min(1, alpha * $0 + beta)) }
    default: throw .unsupported("the activation '\(name)'")
    }
  }
}
