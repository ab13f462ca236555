internal import AlbertGraphs
internal import AlbertTensors

/// Questions about values, and operators of truth values.
enum ComparisonOperators {
  static let operators: [Operator] = [
    Operator("Equal", run: compare(.equal)),
    Operator("Less", run: compare(.less)),
    Operator("LessOrEqual", since: 12, run: compare(.lessOrEqual)),
    Operator("Greater", run: compare(.greater)),
    Operator("GreaterOrEqual", since: 12, run: compare(.greaterOrEqual)),
    Operator("And", run: logical { $0 && $1 }),
    Operator("Or", run: logical { $0 || $1 }),
    Operator("Xor", run: logical { $0 != $1 }),
    Operator("Not", run: not),
    Operator("IsNaN", since: 9, run: isNaN),
    Operator("IsInf", since: 10, run: isInfinite),
  ]

  private enum Relation {
    case equal, less, lessOrEqual, greater, greaterOrEqual

    @inline(__always)
    func holds<T: Comparable>(_ x: T, _ y: T) -> Bool {
      switch self {
      case .equal: x == y
      case .less: x < y
      case .lessOrEqual: x <= y
      case .greater: x > y
      case .greaterOrEqual: x >= y
      }
    }
  }

  private static func compare(_ relation: Relation) -> Operator.Function {
    { (call) throws(OperatorError) in
      let a = try call.input(0)
      let b = try ArithmeticOperators.aligned(call, a, try call.input(1))
      let shape = try call.broadcast([a, b])
      guard a.type == b.type else { throw .invalid("the inputs have different types") }
      let isUnsigned = a.type == .uint64
      let flags: [Bool]
      switch (a.storage, b.storage) {
      case (.numbers(let x), .numbers(let y)):
        flags = call.pairs((x, a.shape), (y, b.shape), over: shape) { relation.holds($0, $1) }
      case (.integers(let x), .integers(let y)):
        flags = call.pairs((x, a.shape), (y, b.shape), over: shape) { x, y in
          isUnsigned
            ? relation.holds(UInt64(bitPattern: x), UInt64(bitPattern: y)) : relation.holds(x, y)
        }
      case (.flags(let x), .flags(let y)):
        flags = call.pairs((x, a.shape), (y, b.shape), over: shape) { x, y in
          relation.holds(x ? 1 : 0, y ? 1 : 0)
        }
      default: throw .invalid("the inputs have different types")
      }
      return [GraphValue(flags, shape)]
    }
  }

  private static func logical(_ body: @escaping @Sendable (Bool, Bool) -> Bool) -> Operator.Function
  {
    { (call) throws(OperatorError) in
      let a = try call.input(0)
      let b = try ArithmeticOperators.aligned(call, a, try call.input(1))
      let shape = try call.broadcast([a, b])
      guard case .flags(let x) = a.storage, case .flags(let y) = b.storage else {
        throw .invalid("it takes truth values")
      }
      return [GraphValue(call.pairs((x, a.shape), (y, b.shape), over: shape, body), shape)]
    }
  }

  private static func not(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    [GraphValue(try call.flags(0).map { !$0 }, try call.input(0).shape)]
  }

  private static func isNaN(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    [GraphValue(try call.numbers(0).map(\.isNaN), try call.input(0).shape)]
  }

  private static func isInfinite(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let negative = try call.integer("detect_negative", else: 1) != 0
    let positive = try call.integer("detect_positive", else: 1) != 0
    let flags = try call.numbers(0).map { $0.isInfinite && ($0 < 0 ? negative : positive) }
    return [GraphValue(flags, try call.input(0).shape)]
  }
}
