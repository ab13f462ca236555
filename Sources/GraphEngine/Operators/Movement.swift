internal import AlbertBytes
internal import AlbertGraphs
internal import AlbertTensors

/// Operators that move elements about, or repeat and leave out some.
enum MovementOperators {
  static let operators: [Operator] = [
    Operator("Transpose", run: transpose),
    Operator("Concat", run: concat),
    Operator("Split", moved: [MovedAttribute("split", since: 13, input: 1)], run: split),
    Operator(
      "Slice",
      moved: [
        MovedAttribute("starts", since: 10, input: 1), MovedAttribute("ends", since: 10, input: 2),
        MovedAttribute("axes", since: 10, input: 3),
      ], run: slice),
    Operator("Expand", since: 8, run: expand),
    Operator("Tile", since: 6, run: tile),
    Operator("Trilu", since: 14, run: triangle),
    Operator("DepthToSpace", run: depthToSpace),
    Operator("SpaceToDepth", run: spaceToDepth),
    Operator("ReverseSequence", since: 10, run: reverse),
  ]

  /// The value with its axes in another order.
  static func transposed(_ x: GraphValue, _ order: [Int]) -> GraphValue {
    let own = x.shape.strides
    let shape = Shape(order.map { x.dimensions[$0] })
    // Matrices of weights, which graphs turn anew for each layer.
    if order == [1, 0], let turned = x.turnedMatrix() { return turned }
    return x.strided(shape, over: shape.dimensions, strides: order.map { own[$0] })
  }

  private static func transpose(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let x = try call.input(0)
    let order = try call.integers("perm") ?? Array((0..<x.rank).reversed())
    guard order.sorted() == Array(0..<x.rank) else {
      throw .invalid("the setting 'perm' \(order) is no order of \(x.rank) axes")
    }
    return [transposed(x, order)]
  }

  private static func concat(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    var values: [GraphValue] = []
    for index in call.inputs.indices { values.append(try call.input(index)) }
    guard let first = values.first else { throw .invalid("it takes nothing") }
    let stated = try call.integer("axis") ?? (call.version < 4 ? 1 : nil)
    guard let stated else { throw .invalid("the setting 'axis' is missing") }
    let axis = try call.axis(stated, rank: first.rank)
    return [try concatenated(call, values, axis: axis)]
  }

  /// Values one behind the other along `axis`.
  static func concatenated(
    _ call: OperatorCall, _ values: [GraphValue], axis: Int
  ) throws(OperatorError) -> GraphValue {
    let first = values[0]
    var extents = first.dimensions
    extents[axis] = 0
    for value in values {
      guard value.rank == first.rank, value.type == first.type,
        first.dimensions.indices.allSatisfy({
          $0 == axis || value.dimensions[$0] == first.dimensions[$0]
        }), let sum = extents[axis].adding(value.dimensions[axis])
      else { throw .invalid("the inputs do not fit one behind the other along axis \(axis)") }
      extents[axis] = sum
    }
    let shape = try call.shape(extents)
    let outer = extents[..<axis].reduce(1, *)
    func joined<T>(_ list: (GraphValue.Storage) -> [T]?) -> [T] {
      let lists = values.map { list($0.storage) ?? [] }
      let widths = lists.map { outer == 0 ? 0 : $0.count / outer }
      var result: [T] = []
      result.reserveCapacity(shape.count)
      guard shape.count > 0 else { return result }
      for row in 0..<outer {
        for (list, width) in zip(lists, widths) {
          result += list[row * width..<(row + 1) * width]
        }
      }
      return result
    }
    switch first.storage {
    case .numbers:
      let numbers = joined { if case .numbers(let list) = $0 { list } else { nil } }
      return GraphValue(numbers, first.type, shape)
    case .integers:
      let integers = joined { if case .integers(let list) = $0 { list } else { nil } }
      return GraphValue(integers, first.type, shape)
    case .flags:
      return GraphValue(joined { if case .flags(let list) = $0 { list } else { nil } }, shape)
    }
  }

  /// The part of a value with the indices `range` of `axis`.
  static func part(_ x: GraphValue, _ range: Range<Int>, axis: Int) -> GraphValue {
    var extents = x.dimensions
    extents[axis] = range.count
    let inner = x.shape.count(from: axis + 1)
    let (from, to) = (x.dimensions[axis] * inner, range.count * inner)
    let start = range.lowerBound * inner
    return x.gathered(Shape(extents), blocks: to) { $0 * from + start }
  }

  private static func split(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let x = try call.input(0)
    let axis = try call.axis(try call.integer("axis", else: 0), rank: x.rank)
    let extent = x.dimensions[axis]
    var sizes = try call.list("split")
    if sizes == nil {
      let count = try call.integer("num_outputs", else: call.node.outputs.count)
      guard count > 0, count == call.node.outputs.count else {
        throw .invalid("it gives \(call.node.outputs.count) values, not \(count)")
      }
      let size = (extent + count - 1) / count
      guard call.version >= 18 || extent.isMultiple(of: count) else {
        throw .invalid("\(extent) cannot be split into \(count) equal parts")
      }
      sizes = (0..<count).map { min(size, max(0, extent - $0 * size)) }
    }
    guard let sizes, sizes.count == call.node.outputs.count, sizes.allSatisfy({ 0...extent ~= $0 }),
      sizes.reduce(0, +) == extent
    else { throw .invalid("the parts \(sizes ?? []) do not make up axis \(axis)") }
    var start = 0
    return sizes.map { size in
      defer { start += size }
      return part(x, start..<start + size, axis: axis)
    }
  }

  private static func slice(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let x = try call.input(0)
    guard let starts = try call.list("starts"), let ends = try call.list("ends")
    else { throw .invalid("where it starts or ends is missing") }
    let axes = try call.list("axes")
    let steps = try call.list(4)
    let named = try call.axes(axes ?? Array(starts.indices), rank: x.rank)
    guard starts.count == ends.count, starts.count == named.count,
      steps.map({ $0.count == starts.count }) ?? true
    else { throw .invalid("starts, ends, axes and steps are not as many") }
    var extents = x.dimensions
    var strides = x.shape.strides
    var first = 0
    for (index, axis) in named.enumerated() {
      let step = steps?[index] ?? 1
      guard step != 0, step != .min else { throw .invalid("a step is \(step)") }
      let extent = x.dimensions[axis]
      func clamped(_ value: Int, _ low: Int, _ high: Int) -> Int {
        min(max(value < 0 ? value + extent : value, low), high)
      }
      let start: Int
      let length: Int
      if step > 0 {
        start = clamped(starts[index], 0, extent)
        let end = clamped(ends[index], 0, extent)
        length = end > start ? (end - start - 1) / step + 1 : 0
      } else {
        start = clamped(starts[index], 0, extent - 1)
        let end = clamped(ends[index], -1, extent - 1)
        length = start > end && extent > 0 ? (start - end - 1) / -step + 1 : 0
      }
      extents[axis] = length
      if length > 0 { first += start * strides[axis] }
      // With one index or none the step is not taken, and may be as large as it likes.
      strides[axis] = length > 1 ? strides[axis] * step : 0
    }
    let shape = try call.shape(extents)
    return [x.strided(shape, over: extents, strides: strides, start: first)]
  }

  private static func expand(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let x = try call.input(0)
    guard let wanted = try call.list(1), let extents = Broadcast.extents([x.dimensions, wanted])
    else { throw .invalid("\(x.shape) cannot be repeated to the shape that it takes") }
    return [x.expanded(to: try call.shape(extents))]
  }

  private static func tile(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let x = try call.input(0)
    guard let repeats = try call.list(1), repeats.count == x.rank, repeats.allSatisfy({ $0 >= 0 })
    else { throw .invalid("the repeats are not one for each axis") }
    var extents: [Int] = []
    for (extent, count) in zip(x.dimensions, repeats) {
      guard let product = extent.multiplied(by: count) else {
        throw .invalid("it repeats too much")
      }
      extents.append(product)
    }
    let shape = try call.shape(extents)
    // Each axis as two: the repeats outside, the extent within.
    let own = x.shape.strides
    let pairs = zip(repeats, x.dimensions).flatMap { [$0, $1] }
    return [x.strided(shape, over: pairs, strides: own.flatMap { [0, $0] })]
  }

  private static func triangle(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let x = try call.input(0)
    guard x.rank >= 2 else { throw .invalid("it takes a matrix") }
    let isUpper = try call.integer("upper", else: 1) != 0
    let diagonal = Int(try call.single(1) ?? 0)
    let (rows, columns) = (x.dimensions[x.rank - 2], x.dimensions[x.rank - 1])
    return [
      x.gathered(x.shape, filling: .zeros(x.type, Shape([1]))) { index in
        let (row, column) = (index / columns % rows, index % columns)
        let distance = (column - row).subtractingReportingOverflow(diagonal).partialValue
        return (isUpper ? distance >= 0 : distance <= 0) ? index : nil
      }
    ]
  }

  private static func depthToSpace(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let x = try call.input(0)
    guard x.rank == 4, let size = try call.integer("blocksize"), size > 0, size < 1 << 16,
      x.dimensions[1].isMultiple(of: size * size)
    else { throw .invalid("the depth does not divide into blocks") }
    let d = x.dimensions
    let depth = d[1] / (size * size)
    let isColumnRow = try call.text("mode", else: "DCR") == "CRD"
    let wide = x.reshaped(
      try call.shape(
        isColumnRow
          ? [d[0], depth, size, size, d[2], d[3]] : [d[0], size, size, depth, d[2], d[3]])
    )
    let moved = transposed(wide, isColumnRow ? [0, 1, 4, 2, 5, 3] : [0, 3, 4, 1, 5, 2])
    return [try ShapeOperators.reshaped(call, moved, [d[0], depth, d[2] * size, d[3] * size])]
  }

  private static func spaceToDepth(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let x = try call.input(0)
    guard x.rank == 4, let size = try call.integer("blocksize"), size > 0,
      x.dimensions[2].isMultiple(of: size), x.dimensions[3].isMultiple(of: size)
    else { throw .invalid("height and width do not divide into blocks") }
    let d = x.dimensions
    let wide = x.reshaped(
      try call.shape([d[0], d[1], d[2] / size, size, d[3] / size, size]))
    let isColumnRow = try call.text("mode", else: "DCR") == "CRD"
    let moved = transposed(wide, isColumnRow ? [0, 1, 3, 5, 2, 4] : [0, 3, 5, 1, 2, 4])
    return [
      try ShapeOperators.reshaped(
        call, moved, [d[0], moved.dimensions[1...3].reduce(1, *), d[2] / size, d[3] / size])
    ]
  }

  private static func reverse(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let x = try call.input(0)
    guard let lengths = try call.list(1), x.rank >= 2 else { throw .invalid("it takes a batch") }
    let batch = try call.axis(try call.integer("batch_axis", else: 1), rank: x.rank)
    let time = try call.axis(try call.integer("time_axis", else: 0), rank: x.rank)
    guard batch != time, lengths.count == x.dimensions[batch],
      lengths.allSatisfy({ 0...x.dimensions[time] ~= $0 })
    else { throw .invalid("the lengths do not fit the batch") }
    let strides = x.shape.strides
    return [
      x.gathered(x.shape) { index in
        let step = index / strides[time] % x.dimensions[time]
        let length = lengths[index / strides[batch] % x.dimensions[batch]]
        return step < length ? index + (length - 1 - 2 * step) * strides[time] : index
      }
    ]
  }
}
