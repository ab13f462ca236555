internal import AlbertBytes
internal import AlbertGraphs
internal import AlbertPlatform
internal import AlbertTensors

/// Sums and the like over axes.
enum ReductionOperators {
  static let operators: [Operator] = [
    Operator(
      "ReduceSum", moved: axes(since: 13),
      run: reduce(
        sum, { $0.reduce(0, &+) }, single: { Double(SinglePrecision.sum($0)) })),
    Operator(
      "ReduceMean", moved: axes(since: 18),
      run: reduce(mean, integerMean, single: { SinglePrecision.mean($0) })),
    Operator(
      "ReduceMax", moved: axes(since: 18), run: reduce(largest, { $0.max() }, { $0.contains(true) })
    ),
    Operator(
      "ReduceMin", moved: axes(since: 18), run: reduce(least, { $0.min() }, { !$0.contains(false) })
    ),
    Operator(
      "ReduceProd", moved: axes(since: 18), run: reduce({ $0.reduce(1, *) }, { $0.reduce(1, &*) })),
    Operator(
      "ReduceL1", moved: axes(since: 18),
      run: reduce(
        { $0.reduce(0) { $0 + abs($1) } },
        { $0.reduce(0) { $0 &+ ($1 < 0 ? 0 &- $1 : $1) } })),
    Operator(
      "ReduceL2", moved: axes(since: 18),
      run: reduce(
        { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() },
        { Int64(Double($0.reduce(0) { $0 &+ $1 &* $1 }).magnitude.squareRoot()) })),
    Operator(
      "ReduceSumSquare", moved: axes(since: 18),
      run: reduce(
        { $0.reduce(0) { $0 + $1 * $1 } }, { $0.reduce(0) { $0 &+ $1 &* $1 } })),
    Operator(
      "ReduceLogSum", moved: axes(since: 18),
      run: reduce({ log(sum($0)) }, { logarithm($0.reduce(0, &+)) })),
    Operator(
      "ReduceLogSumExp", moved: axes(since: 18),
      run: reduce(logSumExp, { integer(logSumExp($0.map(Double.init))) })),
    Operator("ArgMax", run: extreme { $0 > $1 }),
    Operator("ArgMin", run: extreme { $0 < $1 }),
    Operator("CumSum", since: 11, run: cumulate(+, { $0 &+ $1 }, zero: 0)),
    Operator("CumProd", since: 26, run: cumulate(*, { $0 &* $1 }, zero: 1)),
  ]

  private static func axes(since version: Int) -> [MovedAttribute] {
    [MovedAttribute("axes", since: version, input: 1)]
  }

  private static func sum(_ values: [Double]) -> Double { values.reduce(0, +) }
  private static func mean(_ values: [Double]) -> Double { sum(values) / Double(values.count) }
  private static func integerMean(_ values: [Int64]) -> Int64? {
    values.isEmpty ? nil : values.reduce(0, &+) / Int64(values.count)
  }
  private static func largest(_ values: [Double]) -> Double {
    values.reduce(-.infinity) { $0.isNaN || $1.isNaN ? .nan : max($0, $1) }
  }
  private static func least(_ values: [Double]) -> Double {
    values.reduce(.infinity) { $0.isNaN || $1.isNaN ? .nan : min($0, $1) }
  }
  private static func logarithm(_ value: Int64) -> Int64 {
    value > 0 ? Int64(log(Double(value))) : 0
  }
  /// The whole part of a logarithm of integers' powers, which may be the largest of them; nil of no elements.
  private static func integer(_ logarithm: Double) -> Int64? {
    logarithm.isFinite ? Int64(exactly: logarithm.rounded(.towardZero)) ?? .max : nil
  }
  private static func logSumExp(_ values: [Double]) -> Double {
    let top = values.max() ?? -.infinity
    guard top.isFinite else { return top }
    return top + log(values.reduce(0) { $0 + exp($1 - top) })
  }

  /// An operator that makes one element of all those along some axes; `single` is its form in Float32
  /// where they lie side by side.
  private static func reduce(
    _ numbers: @escaping @Sendable ([Double]) -> Double,
    _ integers: @escaping @Sendable ([Int64]) -> Int64?,
    _ flags: (@Sendable ([Bool]) -> Bool)? = nil,
    single: (@Sendable ([Double]) -> Double)? = nil
  ) -> Operator.Function {
    { (call) throws(OperatorError) in
      let x = try call.input(0)
      let stated = try call.list("axes")
      let keeps = try call.integer("keepdims", else: 1) != 0
      if stated?.isEmpty ?? true, try call.integer("noop_with_empty_axes", else: 0) != 0 {
        // Each element is all that there is of it.
        return [try groups(x, [], keeps: true, call, numbers, integers, flags)]
      }
      let axes = stated?.isEmpty ?? true ? Array(0..<x.rank) : stated ?? []
      let named = try call.axes(axes, rank: x.rank)
      let isBehind = named.sorted() == Array((x.rank - named.count)..<x.rank)
      let numbers = call.isSingle(x) && isBehind ? single ?? numbers : numbers
      return [try groups(x, named, keeps: keeps, call, numbers, integers, flags)]
    }
  }

  private static func groups(
    _ x: GraphValue, _ axes: [Int], keeps: Bool, _ call: OperatorCall,
    _ numbers: ([Double]) -> Double, _ integers: ([Int64]) -> Int64?, _ flags: (([Bool]) -> Bool)?
  ) throws(OperatorError) -> GraphValue {
    let kept = (0..<x.rank).filter { !axes.contains($0) }
    let extents = kept.map { x.dimensions[$0] }
    // The reduced axes go last, so that what belongs together lies together.
    let order = kept + axes.sorted()
    let moved = order == Array(0..<x.rank) ? x : MovementOperators.transposed(x, order)
    let outer = extents.reduce(1, *)
    let inner = axes.reduce(1) { $0 * x.dimensions[$1] }
    let shape = try call.shape(
      keeps
        ? x.dimensions.indices.map { axes.contains($0) ? 1 : x.dimensions[$0] } : extents)
    func rows<T, R>(_ values: [T], _ body: ([T]) -> R) -> [R] {
      (0..<outer).map { body(Array(values[$0 * inner..<($0 + 1) * inner])) }
    }
    switch moved.storage {
    case .numbers(let values): return GraphValue(rows(values, numbers), x.type, shape)
    case .integers(let values):
      let results = rows(values, integers)
      guard results.allSatisfy({ $0 != nil }) else {
        throw .invalid("of no elements there is no result")
      }
      return GraphValue(results.map { x.type.wrapped($0 ?? 0) }, x.type, shape)
    case .flags(let values):
      guard let flags else { throw .invalid("it takes numbers only") }
      return GraphValue(rows(values, flags), shape)
    }
  }

  /// The index along an axis of the element that is before all others.
  private static func extreme(
    _ isBefore: @escaping @Sendable (Double, Double) -> Bool
  ) -> Operator.Function {
    { (call) throws(OperatorError) in
      let x = try call.input(0)
      let axis = try call.axis(try call.integer("axis", else: 0), rank: x.rank)
      let takesLast = try call.integer("select_last_index", else: 0) != 0
      let keeps = try call.integer("keepdims", else: 1) != 0
      let extent = x.dimensions[axis]
      guard extent > 0 || x.count == 0 && x.dimensions[..<axis].contains(0) else {
        throw .invalid("of no elements none is before the others")
      }
      let inner = x.shape.count(from: axis + 1)
      let outer = x.shape.count(before: axis)
      let values = x.doubles
      var result: [Int64] = []
      for row in 0..<(x.count == 0 ? 0 : outer) {
        for within in 0..<inner {
          var best = 0
          for index in 1..<max(1, extent) {
            let candidate = values[(row * extent + index) * inner + within]
            let champion = values[(row * extent + best) * inner + within]
            if isBefore(candidate, champion) || (takesLast && candidate == champion) {
              best = index
            }
          }
          result.append(Int64(best))
        }
      }
      var extents = x.dimensions
      if keeps { extents[axis] = 1 } else { extents.remove(at: axis) }
      return [GraphValue(result, .int64, try call.shape(extents))]
    }
  }

  private static func cumulate(
    _ numbers: @escaping @Sendable (Double, Double) -> Double,
    _ integers: @escaping @Sendable (Int64, Int64) -> Int64, zero: Int64
  ) -> Operator.Function {
    { (call) throws(OperatorError) in
      let x = try call.input(0)
      guard let stated = try call.single(1), let axis = Int(exactly: stated) else {
        throw .invalid("the axis is missing")
      }
      let place = try call.axis(axis, rank: x.rank)
      let excludes = try call.integer("exclusive", else: 0) != 0
      let reverses = try call.integer("reverse", else: 0) != 0
      let extent = x.dimensions[place]
      let inner = x.shape.count(from: place + 1)
      let outer = x.shape.count(before: place)
      func run<T>(_ values: [T], _ zero: T, _ body: (T, T) -> T) -> [T] {
        var result = values
        for row in 0..<(values.isEmpty ? 0 : outer) {
          for within in 0..<inner {
            var sum = zero
            for step in 0..<extent {
              let index = reverses ? extent - 1 - step : step
              let spot = (row * extent + index) * inner + within
              let next = body(sum, values[spot])
              result[spot] = excludes ? sum : next
              sum = next
            }
          }
        }
        return result
      }
      switch x.storage {
      case .numbers(let values):
        return [GraphValue(run(values, Double(zero), numbers), x.type, x.shape)]
      case .integers(let values):
        return [
          GraphValue(run(values, zero) { x.type.wrapped(integers($0, $1)) }, x.type, x.shape)
        ]
      case .flags: throw .invalid("it takes numbers only")
      }
    }
  }
}
