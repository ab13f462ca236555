internal import AlbertGraphs
internal import AlbertTensors

/// Changes of the element type, where a graph itself rounds.
enum CastOperators {
  static let operators: [Operator] = [
    Operator("Cast", since: 6, run: cast),
    Operator("CastLike", since: 15, run: castLike),
  ]

  private static func cast(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    guard let type = try call.type("to") else { throw .invalid("the setting 'to' is missing") }
    return [convert(call, try call.input(0), to: type)]
  }

  private static func castLike(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    [convert(call, try call.input(0), to: try call.input(1).type)]
  }

  private static func convert(
    _ call: OperatorCall, _ value: GraphValue, to type: GraphType
  ) -> GraphValue {
    // Where values are rounded, the evaluator knows which casts to float16 a runtime makes.
    let rounds = !call.keepsNumbers && !(call.roundsValues && type == .float16)
    return convert(value, to: type, clamps: clamps(call), rounds: rounds)
  }

  /// Whether numbers beyond a type of less than a byte become its ends.
  ///
  /// ONNX leaves open what they become: its reference clamped them until version 23 and takes the low
  /// bits since.
  private static func clamps(_ call: OperatorCall) -> Bool { call.version < 24 }

  /// The value as `type`.
  ///
  /// A number is rounded where the type is narrower than the one that the graph declares: a cast that
  /// widens, or changes nothing, is no step at which the graph rounds.
  static func convert(
    _ value: GraphValue, to type: GraphType, clamps: Bool = false, rounds: Bool = true
  ) -> GraphValue {
    if value.type == type { return value }
    let shape = value.shape
    switch (value.storage, type.family) {
    case (.numbers(let numbers), .numbers):
      let narrows = rounds && !isWider(type, than: value.type)
      return GraphValue(narrows ? numbers.map { type.nearest($0) } : numbers, type, shape)
    case (.numbers(let numbers), .integers) where clamps && type.bits < 8:
      let (least, most) = (Double(type.range.lowerBound), Double(type.range.upperBound))
      return GraphValue(
        numbers.map { integer(max(least, min(most, $0)), type) }, type, shape)
    case (.numbers(let numbers), .integers):
      return GraphValue(numbers.map { integer($0, type) }, type, shape)
    case (.numbers(let numbers), _): return GraphValue(numbers.map { $0 != 0 }, shape)
    case (.integers(let integers), .integers):
      return GraphValue(integers.map { type.wrapped($0) }, type, shape)
    case (.integers(let integers), .flags): return GraphValue(integers.map { $0 != 0 }, shape)
    case (.flags(let flags), .integers):
      return GraphValue(flags.map { $0 ? Int64(1) : 0 }, type, shape)
    case (.flags, .flags): return value
    case (.integers, _), (.flags, _):
      return GraphValue(value.doubles.map { rounds ? type.nearest($0) : $0 }, type, shape)
    }
  }

  /// Whether every number of `other` is one of `type`.
  private static func isWider(_ type: GraphType, than other: GraphType) -> Bool {
    switch (type, other) {
    case (.float64, _), (.float32, .float16), (.float32, .bfloat16): true
    default: false
    }
  }

  /// A number without its fraction, as the integer type overflows; what is not a number is the least
  /// Int64's low bits, as x86 converts.
  static func integer(_ number: Double, _ type: GraphType) -> Int64 {
    let whole = number.rounded(.towardZero)
    if type == .uint64, let value = UInt64(exactly: whole) { return Int64(bitPattern: value) }
    return type.wrapped(Int64(exactly: whole) ?? .min)
  }
}
