internal import AlbertBytes
internal import AlbertGraphs
internal import AlbertTensors

/// Operators that read or change extents and leave the elements in their order.
enum ShapeOperators {
  static let operators: [Operator] = [
    Operator("Identity", run: identity),
    Operator("Reshape", moved: [MovedAttribute("shape", since: 5, input: 1)], run: reshape),
    Operator("Flatten", run: flatten),
    Operator("Squeeze", moved: axes, run: squeeze),
    Operator("Unsqueeze", moved: axes, run: unsqueeze),
    Operator("Shape", run: shape),
    Operator("Size", run: size),
  ]

  private static let axes = [MovedAttribute("axes", since: 13, input: 1)]

  private static func identity(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    [try call.input(0)]
  }

  private static func reshape(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let x = try call.input(0)
    guard let wanted = try call.list("shape") else {
      throw .invalid("the shape is missing")
    }
    let allowsZero = try call.integer("allowzero", else: 0) != 0
    var extents = wanted
    var open: Int?
    for (axis, extent) in wanted.enumerated() {
      if extent == -1 {
        guard open == nil else { throw .invalid("two extents of \(wanted) are to be found") }
        open = axis
        extents[axis] = 1
      } else if extent == 0, !allowsZero {
        guard axis < x.rank else { throw .invalid("extent \(axis) of \(wanted) has no source") }
        extents[axis] = x.dimensions[axis]
      }
    }
    if let open {
      let known = try call.shape(extents).count
      guard known > 0, x.count.isMultiple(of: known) else {
        throw .invalid("\(x.shape) cannot become \(wanted)")
      }
      extents[open] = x.count / known
    }
    return [try reshaped(call, x, extents)]
  }

  /// The value in a shape of these extents.
  static func reshaped(
    _ call: OperatorCall, _ x: GraphValue, _ extents: [Int]
  ) throws(OperatorError) -> GraphValue {
    let shape = try call.shape(extents)
    guard shape.count == x.count else { throw .invalid("\(x.shape) cannot become \(shape)") }
    return x.reshaped(shape)
  }

  private static func flatten(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let x = try call.input(0)
    let axis = try call.axis(try call.integer("axis", else: 1), rank: x.rank, orEnd: true)
    let outer = x.shape.count(before: axis)
    let inner = x.shape.count(from: axis)
    return [try reshaped(call, x, [outer, inner])]
  }

  private static func squeeze(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let x = try call.input(0)
    var dropped: [Int]
    if let axes = try call.list("axes") {
      dropped = try call.axes(axes, rank: x.rank)
    } else {
      dropped = x.dimensions.indices.filter { x.dimensions[$0] == 1 }
    }
    if let axis = dropped.first(where: { x.dimensions[$0] != 1 }) {
      throw .invalid("axis \(axis) of \(x.shape) is not 1")
    }
    let kept = x.dimensions.indices.filter { !dropped.contains($0) }
    return [try reshaped(call, x, kept.map { x.dimensions[$0] })]
  }

  private static func unsqueeze(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let x = try call.input(0)
    guard let stated = try call.list("axes") else { throw .invalid("the axes are missing") }
    let rank = x.rank + stated.count
    guard rank <= Shape.maxAxes else { throw .invalid("the result would have \(rank) axes") }
    let added = try call.axes(stated, rank: rank)
    var rest = x.dimensions.makeIterator()
    return [
      try reshaped(call, x, (0..<rank).map { added.contains($0) ? 1 : rest.next() ?? 1 })
    ]
  }

  private static func shape(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let x = try call.input(0)
    func place(_ value: Int) -> Int { min(max(value < 0 ? value + x.rank : value, 0), x.rank) }
    let start = place(try call.integer("start", else: 0))
    let end = place(try call.integer("end", else: x.rank))
    return [.list(start < end ? Array(x.dimensions[start..<end]) : [])]
  }

  private static func size(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    [.scalar(Int64(try call.input(0).count))]
  }
}
