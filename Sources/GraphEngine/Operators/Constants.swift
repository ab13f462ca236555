internal import AlbertGraphs
internal import AlbertTensors

/// Operators that make values out of settings, shapes and limits.
enum ConstantOperators {
  static let operators: [Operator] = [
    Operator("Constant", run: constant),
    Operator("ConstantOfShape", since: 9, run: constantOfShape),
    Operator("Range", since: 11, run: range),
    Operator("EyeLike", since: 9, run: eyeLike),
  ]

  private static func constant(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    guard let name = call.node.attributes.keys.first(where: { $0.hasPrefix("value") }),
      let attribute = call.node.attributes[name]
    else { throw .unsupported("a constant of this kind") }
    switch attribute {
    case .tensor: return [try call.tensor(name)]
    case .number: return [.scalar(try call.number(name, else: 0), .float32)]
    case .integer(let value): return [.scalar(Int64(value))]
    case .numbers(let values):
      return [GraphValue(values, .float32, try call.shape([values.count]))]
    case .integers(let values): return [.list(values)]
    default: throw .unsupported("a constant of texts")
    }
  }

  private static func constantOfShape(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    guard let extents = try call.list(0) else { throw .invalid("the shape is missing") }
    let value = try call.tensor("value") ?? .scalar(0.0, GraphType.float32)
    guard value.count == 1 else { throw .invalid("the setting 'value' is not one element") }
    return [value.repeated(try call.shape(extents))]
  }

  private static func range(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let start = try call.input(0)
    for index in 0..<3 {
      let value = try call.input(index)
      guard value.count == 1, value.type == start.type else {
        throw .invalid("start, limit and step are not three numbers of one type")
      }
    }
    if case .integers(let first) = start.storage {
      let (limit, step) = (try call.integers(1)[0], try call.integers(2)[0])
      guard step != 0 else { throw .invalid("the step is 0") }
      let distance = Double(limit) - Double(first[0])
      let count = max(0, (distance / Double(step)).rounded(.up))
      guard count < 0x1p56 else { throw .invalid("it gives too many numbers") }
      let shape = try call.shape([Int(count)])
      return [
        GraphValue((0..<shape.count).map { first[0] &+ Int64($0) &* step }, start.type, shape)
      ]
    }
    let (first, limit, step) = (
      try call.numbers(0)[0], try call.numbers(1)[0], try call.numbers(2)[0]
    )
    let steps = ((limit - first) / step).rounded(.up)
    guard steps.isFinite else {
      throw .invalid("the steps from \(first) to \(limit) by \(step) cannot be counted")
    }
    let count = max(0, steps)
    guard count < 0x1p56 else { throw .invalid("it gives too many numbers") }
    let shape = try call.shape([Int(count)])
    return [GraphValue((0..<shape.count).map { first + Double($0) * step }, start.type, shape)]
  }

  private static func eyeLike(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let x = try call.input(0)
    guard x.rank == 2 else { throw .invalid("it takes a matrix") }
    let type = try call.type("dtype") ?? x.type
    let diagonal = try call.integer("k", else: 0)
    let columns = x.dimensions[1]
    let ends = CastOperators.convert(GraphValue([false, true], Shape([2])), to: type)
    return [
      ends.gathered(x.shape) { place in
        let distance = (place % columns - place / columns).subtractingReportingOverflow(diagonal)
        return distance.partialValue == 0 ? 1 : 0
      }
    ]
  }
}
