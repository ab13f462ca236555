internal import AlbertBytes
internal import AlbertGraphs
internal import AlbertPlatform
internal import AlbertTensors

/// Normalisations whose factors belong to channels, which are axis 1.
enum ChannelNormalizationOperators {
  static let operators: [Operator] = [
    Operator("BatchNormalization", since: 7, run: batch),
    Operator("InstanceNormalization", since: 6, run: instance),
    Operator("GroupNormalization", since: 18, run: group),
    Operator("LRN", run: localResponse),
  ]

  /// A factor for each channel, in the shape that joins a value of `rank` axes.
  private static func perChannel(
    _ call: OperatorCall, _ index: Int, _ x: GraphValue
  ) throws(OperatorError) -> GraphValue {
    let factor = try call.input(index)
    guard x.rank >= 2, factor.rank == 1, factor.count == x.dimensions[1] else {
      throw .invalid("input \(index) is not one number for each channel")
    }
    return factor.reshaped(
      try call.shape([1, factor.count] + [Int](repeating: 1, count: x.rank - 2)))
  }

  private static func batch(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let x = try call.input(0)
    if try call.integer("training_mode", else: 0) != 0 {
      throw .unsupported("training, which takes the batch's own mean")
    }
    let epsilon = try call.number("epsilon", else: 1e-5)
    guard x.type.family == .numbers else { throw .invalid("it takes numbers only") }
    // They may be of a finer type.
    func parameter(_ index: Int) throws(OperatorError) -> GraphValue {
      let value = try perChannel(call, index, x)
      return GraphValue(value.doubles, x.type, value.shape)
    }
    let (scale, variance) = (try parameter(1), try parameter(4))
    let factors = zip(scale.doubles, variance.doubles).map { $0 / ($1 + epsilon).squareRoot() }
    let centred = try ArithmeticOperators.difference(call, x, try parameter(3))
    let scaled = try ArithmeticOperators.product(
      call, centred, GraphValue(factors, x.type, scale.shape))
    return [try ArithmeticOperators.sum(call, scaled, try parameter(2))]
  }

  private static func instance(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let x = try call.input(0)
    guard x.rank >= 3 else { throw .invalid("it takes a batch of channels") }
    let norm = try NormalizationOperators.normalized(
      call, x, from: 2, epsilon: try call.number("epsilon", else: 1e-5))
    let y = try NormalizationOperators.scaled(call, norm.values, by: perChannel(call, 1, x))
    return [try ArithmeticOperators.sum(call, y, try perChannel(call, 2, x))]
  }

  private static func group(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let x = try call.input(0)
    guard x.rank >= 2, let groups = try call.integer("num_groups"), groups > 0,
      x.dimensions[1].isMultiple(of: groups)
    else { throw .invalid("the channels do not divide into groups") }
    let d = x.dimensions
    let size = d[1] / groups
    let inner = d[2...].reduce(1, *)
    let wide = x.reshaped(try call.shape([d[0], groups, size, inner]))
    let norm = try NormalizationOperators.normalized(
      call, wide, from: 2, epsilon: try call.number("epsilon", else: 1e-5))
    if call.version >= 21 {
      let y = try NormalizationOperators.scaled(
        call, norm.values.reshaped(x.shape), by: perChannel(call, 1, x))
      return [try ArithmeticOperators.sum(call, y, try perChannel(call, 2, x))]
    }
    // Before version 21 the factors belong to groups.
    func factor(_ index: Int) throws(OperatorError) -> GraphValue {
      let factor = try call.input(index)
      guard factor.count == groups else {
        throw .invalid("input \(index) is not one number for each group")
      }
      return factor.reshaped(try call.shape([1, groups, 1, 1]))
    }
    let y = try NormalizationOperators.scaled(call, norm.values, by: try factor(1))
    return [
      try ArithmeticOperators.sum(call, y, try factor(2)).reshaped(x.shape)
    ]
  }

  private static func localResponse(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let x = try call.input(0)
    guard x.rank >= 2, let size = try call.integer("size"), size > 0 else {
      throw .invalid("the setting 'size' is missing, or there are no channels")
    }
    let alpha = try call.number("alpha", else: 1e-4)
    let beta = try call.number("beta", else: 0.75)
    let bias = try call.number("bias", else: 1)
    let values = try call.numbers(0)
    let inner = x.shape.count(from: 2)
    let channels = x.dimensions[1]
    try call.spend(product: x.count, min(size, channels))
    let result = values.indices.map { index in
      let channel = index / inner % channels
      let first = max(0, channel - (size - 1) / 2)
      let last = min(channels - 1, channel.addingReportingOverflow(size / 2).partialValue)
      let squares = (first...max(first, last)).reduce(0.0) { sum, other in
        let value = values[index + (other - channel) * inner]
        return sum + value * value
      }
      return values[index] / pow(bias + alpha / Double(size) * squares, beta)
    }
    return [GraphValue(result, x.type, x.shape)]
  }
}
