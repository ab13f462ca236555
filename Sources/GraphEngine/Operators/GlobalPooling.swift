internal import AlbertGraphs
internal import AlbertTensors

/// Everything behind the second axis as one number, which exporters of TensorFlow take for a mean.
enum GlobalPoolingOperators {
  static let operators: [Operator] = [
    Operator("GlobalAveragePool", run: pool { $0.reduce(0, +) / Double($0.count) }),
    Operator("GlobalMaxPool", run: pool { $0.reduce(-.infinity) { $0.isNaN ? $0 : max($0, $1) } }),
  ]

  private static func pool(
    _ body: @escaping @Sendable (ArraySlice<Double>) -> Double
  ) -> Operator.Function {
    { (call) throws(OperatorError) in
      let x = try call.input(0)
      guard x.rank >= 2 else { throw .invalid("it takes a batch of channels") }
      let extent = x.shape.count(from: 2)
      guard extent > 0 else { throw .invalid("of no elements there is no mean") }
      let shape = try call.shape(
        x.dimensions.enumerated().map { $0.offset < 2 ? $0.element : 1 })
      let values = try call.numbers(0)
      try call.spend(x.count)
      let pooled = (0..<shape.count).map { body(values[$0 * extent..<($0 + 1) * extent]) }
      return [GraphValue(pooled, x.type, shape)]
    }
  }
}
