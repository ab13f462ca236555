internal import AlbertBytes
internal import AlbertGraphs
internal import AlbertPlatform
internal import AlbertTensors

/// Operators that hold elements against their neighbours along axes.
enum NormalizationOperators {
  static let operators: [Operator] = [
    Operator(
      "Softmax", until: 12,
      run: alongAxis(softmax, single: { SinglePrecision.softmax($0) ?? softmax($0) })),
    Operator(
      "Softmax", since: 13,
      run: alongAxis(
        softmax, single: { SinglePrecision.softmax($0) ?? softmax($0) },
        half: DefinedSteps.softmax)),
    Operator("LogSoftmax", run: alongAxis(logSoftmax)),
    Operator("Hardmax", run: alongAxis(hardmax)),
    Operator("LayerNormalization", since: 17, run: layerNormalization),
    Operator("RMSNormalization", since: 23, run: rmsNormalization),
    Operator("LpNormalization", run: lpNormalization),
    Operator("MeanVarianceNormalization", since: 9, run: meanVariance),
  ]

  /// The exponentials over their sum.
  static func softmax(_ row: [Double]) -> [Double] {
    let top = row.max() ?? 0
    guard top > -.infinity else { return row.map { _ in .nan } }
    let powers = row.map { exp($0 - top) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }

  private static func logSoftmax(_ row: [Double]) -> [Double] {
    let top = row.max() ?? 0
    let sum = log(row.reduce(0) { $0 + exp($1 - top) })
    return row.map { $0 - top - sum }
  }

  private static func hardmax(_ row: [Double]) -> [Double] {
    let first = row.indices.max { row[$0] < row[$1] || (row[$0] == row[$1] && $0 > $1) }
    return row.indices.map { $0 == first ? 1 : 0 }
  }

  /// An operator of each row along an axis; before version 13, of all axes from there on as one row.
  ///
  /// `single` is its form in Float32, and `half` that of float16.
  private static func alongAxis(
    _ body: @escaping @Sendable ([Double]) -> [Double],
    single: (@Sendable ([Double]) -> [Double])? = nil,
    half: (@Sendable ([Double]) -> [Double])? = nil
  ) -> Operator.Function {
    { (call) throws(OperatorError) in
      let x = try call.input(0)
      let isOld = call.version < 13
      let axis = try call.axis(
        try call.integer("axis", else: isOld ? 1 : -1), rank: x.rank, orEnd: isOld || x.rank == 0)
      let body = call.steps(of: x, single: single, half: half) ?? body
      return [try rows(call, x, axis: axis, isFlat: isOld, body)]
    }
  }

  /// `body` of the rows along `axis`, which lie apart where other axes follow and are not part of the row.
  static func rows(
    _ call: OperatorCall, _ x: GraphValue, axis: Int, isFlat: Bool = false,
    _ body: ([Double]) -> [Double]
  ) throws(OperatorError) -> GraphValue {
    guard case .numbers(let values) = x.storage else { throw .invalid("it takes numbers only") }
    try call.spend(product: x.count, 8)
    let inner = isFlat || x.rank == 0 ? 1 : x.shape.count(from: axis + 1)
    let extent =
      isFlat ? x.shape.count(from: axis) : x.rank == 0 ? 1 : x.dimensions[axis]
    guard x.count > 0 else { return x }
    var result = values
    for start in stride(from: 0, to: x.count, by: extent * inner) {
      for within in 0..<inner {
        let first = start + within
        if inner == 1 {
          result.replaceSubrange(
            first..<first + extent, with: body(Array(values[first..<first + extent])))
        } else {
          let row = body((0..<extent).map { values[first + $0 * inner] })
          for (index, value) in row.enumerated() { result[first + index * inner] = value }
        }
      }
    }
    return GraphValue(result, x.type, x.shape)
  }

  static func layerNormalization(_ call: OperatorCall) throws(OperatorError)
    -> [GraphValue?]
  {
    let x = try call.input(0)
    let axis = try call.axis(try call.integer("axis", else: -1), rank: x.rank)
    let epsilon = try call.number("epsilon", else: 1e-5)
    if call.isSingle(x), let results = try single(call, x, from: axis, epsilon: Float(epsilon)) {
      return results
    }
    let norm = try normalized(call, x, from: axis, epsilon: epsilon)
    var y = try scaled(call, norm.values, by: call.input(1))
    if let bias = call.optional(2) {
      y = try ArithmeticOperators.sum(call, y, bias)
    }
    return [y, norm.means, norm.scales]
  }

  /// The same in Float32; nil where factor and bias are not one number for each of a row.
  private static func single(
    _ call: OperatorCall, _ x: GraphValue, from axis: Int, epsilon: Float
  ) throws(OperatorError) -> [GraphValue?]? {
    let extent = x.shape.count(from: axis)
    let factors = try call.numbers(1)
    let bias = try call.optionalNumbers(2)
    guard case .numbers(var values) = x.storage, extent > 0, factors.count == extent,
      bias.map({ $0.count == extent }) ?? true
    else { return nil }
    try call.spend(product: x.count, 8)
    var (means, scales): ([Double], [Double]) = ([], [])
    for start in stride(from: 0, to: x.count, by: extent) {
      let row = SinglePrecision.normalized(values[start..<start + extent], epsilon: epsilon)
      for (index, number) in row.values.enumerated() {
        let factor = Float(factors[index])
        values[start + index] = Double(
          bias.map { Float($0[index]).addingProduct(number, factor) } ?? number * factor)
      }
      means.append(Double(row.mean))
      scales.append(Double(row.scale))
    }
    let norm = try rows(call, x, from: axis, values, means, scales)
    return [norm.values, norm.means, norm.scales]
  }

  /// Rows of all axes from `axis` on as a value like `x`, with a mean and a scale for each.
  private static func rows(
    _ call: OperatorCall, _ x: GraphValue, from axis: Int, _ values: [Double], _ means: [Double],
    _ scales: [Double]
  ) throws(OperatorError) -> (values: GraphValue, means: GraphValue, scales: GraphValue) {
    let shape = try call.shape(x.dimensions.indices.map { $0 < axis ? x.dimensions[$0] : 1 })
    guard shape.count == means.count else { throw .invalid("of no elements there is no mean") }
    return (
      GraphValue(values, x.type, x.shape), GraphValue(means, x.type, shape),
      GraphValue(scales, x.type, shape)
    )
  }

  /// Each row of all axes from `axis` on, shifted to mean 0 and scaled to variance 1.
  static func normalized(
    _ call: OperatorCall, _ x: GraphValue, from axis: Int, epsilon: Double, centers: Bool = true
  ) throws(OperatorError) -> (values: GraphValue, means: GraphValue, scales: GraphValue) {
    guard case .numbers(var values) = x.storage else { throw .invalid("it takes numbers only") }
    try call.spend(product: x.count, 8)
    let extent = x.shape.count(from: axis)
    var (means, scales): ([Double], [Double]) = ([], [])
    if extent > 0 {
      for start in stride(from: 0, to: x.count, by: extent) {
        let row = start..<start + extent
        let mean = centers ? values[row].reduce(0, +) / Double(extent) : 0
        let squares = values[row].reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let scale = 1 / (squares / Double(extent) + epsilon).squareRoot()
        for index in row { values[index] = (values[index] - mean) * scale }
        means.append(mean)
        scales.append(scale)
      }
    }
    return try rows(call, x, from: axis, values, means, scales)
  }

  /// A value times a factor that fits its shape.
  static func scaled(
    _ call: OperatorCall, _ x: GraphValue, by factor: GraphValue
  ) throws(OperatorError) -> GraphValue {
    guard Broadcast.fits(factor.dimensions, x.dimensions) else {
      throw .invalid("the factor \(factor.shape) does not fit \(x.shape)")
    }
    return try ArithmeticOperators.product(call, x, factor)
  }

  private static func rmsNormalization(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?]
  {
    let x = try call.input(0)
    let axis = try call.axis(try call.integer("axis", else: -1), rank: x.rank)
    let norm = try normalized(
      call, x, from: axis, epsilon: try call.number("epsilon", else: 1e-5), centers: false)
    return [try scaled(call, norm.values, by: call.input(1))]
  }

  private static func lpNormalization(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let x = try call.input(0)
    let axis = try call.axis(try call.integer("axis", else: -1), rank: x.rank)
    let isFirst = try call.integer("p", else: 2) == 1
    return [
      try rows(call, x, axis: axis) { row in
        let size =
          isFirst
          ? row.reduce(0) { $0 + abs($1) } : row.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return row.map { size == 0 ? 0 : $0 / size }
      }
    ]
  }

  private static func meanVariance(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let x = try call.input(0)
    let axes = try call.axes(try call.integers("axes") ?? [0, 2, 3], rank: x.rank).sorted()
    let kept = (0..<x.rank).filter { !axes.contains($0) }
    let order = kept + axes
    let moved = MovementOperators.transposed(x, order)
    guard case .numbers(var values) = moved.storage else { throw .invalid("it takes numbers only") }
    let extent = axes.reduce(1) { $0 * x.dimensions[$1] }
    if extent > 0 {
      for start in stride(from: 0, to: values.count, by: extent) {
        let row = start..<start + extent
        let mean = values[row].reduce(0, +) / Double(extent)
        let variance = values[row].reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(extent)
        for index in row {
          values[index] = (values[index] - mean) / (variance.squareRoot() + 1e-9)
        }
      }
    }
    var inverse = order
    for (place, axis) in order.enumerated() { inverse[axis] = place }
    return [MovementOperators.transposed(GraphValue(values, x.type, moved.shape), inverse)]
  }
}
