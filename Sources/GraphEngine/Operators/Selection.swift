internal import AlbertGraphs
internal import AlbertTensors

/// Operators whose result depends on which elements hold.
enum SelectionOperators {
  static let operators: [Operator] = [
    Operator("Where", since: 9, run: choose),
    Operator("NonZero", since: 9, run: nonZero),
    Operator("TopK", moved: [MovedAttribute("k", since: 10, input: 1)], run: topK),
    Operator("Unique", since: 11, run: unique),
    Operator("Dropout", moved: [MovedAttribute("ratio", since: 12, input: 1)], run: dropout),
  ]

  private static func choose(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let (condition, a, b) = (try call.input(0), try call.input(1), try call.input(2))
    guard a.type == b.type else { throw .invalid("the two sides have different types") }
    let shape = try call.broadcast([condition, a, b])
    let flags = try call.flags(0)
    var places = StridedPlaces(
      shape.dimensions, strides: Broadcast.strides(condition.shape, over: shape.dimensions))
    let chosen = (0..<shape.count).map { _ in flags[places.next()] }
    let (left, right) = (a.expanded(to: shape), b.expanded(to: shape))
    guard let result = left.gathered(shape, or: right, { chosen[$0] ? $0 : ~$0 }) else {
      throw .invalid("the two sides have different types")
    }
    return [result]
  }

  private static func nonZero(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let x = try call.input(0)
    let values = x.doubles
    let places = values.indices.filter { values[$0] != 0 }
    let strides = x.shape.strides
    let result = (0..<x.rank).flatMap { axis in
      places.map { Int64($0 / strides[axis] % x.dimensions[axis]) }
    }
    return [GraphValue(result, .int64, try call.shape([x.rank, places.count]))]
  }

  private static func topK(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let x = try call.input(0)
    let axis = try call.axis(try call.integer("axis", else: -1), rank: x.rank)
    let stated = try call.isInput("k") ? call.list("k")?.first : call.integer("k")
    let extent = x.dimensions[axis]
    guard let count = stated, 0...extent ~= count else {
      throw .invalid("\(stated ?? 0) elements of \(extent) are wanted")
    }
    let takesLargest = try call.integer("largest", else: 1) != 0
    let inner = x.shape.count(from: axis + 1)
    var extents = x.dimensions
    extents[axis] = count
    let shape = try call.shape(extents)
    try call.spend(product: x.count, 32)
    let values = x.doubles
    var places = [Int](repeating: 0, count: shape.count)
    var indices = [Int64](repeating: 0, count: shape.count)
    let outer = shape.count == 0 ? 0 : x.shape.count(before: axis)
    for row in 0..<outer {
      for within in 0..<inner {
        func place(_ index: Int) -> Int { (row * extent + index) * inner + within }
        let order = (0..<extent).ordered { first, second in
          let (a, b) = (values[place(first)], values[place(second)])
          return takesLargest ? a > b : a < b
        }
        for (rank, index) in order.prefix(count).enumerated() {
          let target = (row * count + rank) * inner + within
          places[target] = place(index)
          indices[target] = Int64(index)
        }
      }
    }
    return [x.gathered(shape) { places[$0] }, GraphValue(indices, .int64, shape)]
  }

  private static func unique(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    var x = try call.input(0)
    let stated = try call.integer("axis")
    if stated == nil { x = x.reshaped(Shape([x.count])) }
    let axis = try call.axis(stated ?? 0, rank: x.rank)
    let extent = x.dimensions[axis]
    guard x.count > 0 || extent == 0 else { throw .unsupported("indices of no elements") }
    let inner = x.shape.count(from: axis + 1)
    let outer = x.shape.count(before: axis)
    try call.spend(product: x.count, 32)
    let values = x.doubles
    let slices = (0..<extent).map { index in
      (0..<outer).flatMap { row in (0..<inner).map { values[(row * extent + index) * inner + $0] } }
    }
    let order = (0..<extent).ordered { first, second in
      slices[first].lexicographicallyPrecedes(slices[second])
    }
    var firsts: [Int] = []
    var groups = [Int](repeating: 0, count: extent)
    for index in order {
      if firsts.last.map({ slices[$0] != slices[index] }) ?? true { firsts.append(index) }
      groups[index] = firsts.count - 1
    }
    if try call.integer("sorted", else: 1) == 0 {
      let seen = firsts.indices.ordered { firsts[$0] < firsts[$1] }
      var ranks = [Int](repeating: 0, count: firsts.count)
      for (rank, group) in seen.enumerated() { ranks[group] = rank }
      firsts = seen.map { firsts[$0] }
      groups = groups.map { ranks[$0] }
    }
    var counts = [Int](repeating: 0, count: firsts.count)
    for group in groups { counts[group] += 1 }
    var extents = x.dimensions
    extents[axis] = firsts.count
    let y = x.slices(firsts, along: axis, as: try call.shape(extents))
    return [y, .list(firsts), .list(groups), .list(counts)]
  }

  /// What dropout does where nothing is trained.
  private static func dropout(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let x = try call.input(0)
    if let trains = call.optional(2), trains.doubles.first != 0, try call.single(1) ?? 0.5 != 0 {
      throw .training
    }
    let mask = GraphValue([Bool](repeating: true, count: x.count), x.shape)
    // Before version 10 the mask is of the input's type.
    return [x, call.version < 10 ? CastOperators.convert(mask, to: x.type) : mask]
  }
}
