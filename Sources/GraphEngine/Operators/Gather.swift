internal import AlbertBytes
internal import AlbertGraphs
internal import AlbertTensors

/// Operators that pick elements by indices.
enum GatherOperators {
  static let operators: [Operator] = [
    Operator("Gather", run: gather),
    Operator("GatherElements", since: 11, run: gatherElements),
    Operator("GatherND", since: 11, run: gatherND),
    Operator("Compress", since: 9, run: compress),
    Operator("OneHot", since: 9, run: oneHot),
    Operator("ArrayFeatureExtractor", domain: "ai.onnx.ml", run: columns),
  ]

  /// Indices along an axis of `extent`, negative ones counted from the end.
  static func checked(_ indices: [Int64], _ extent: Int) throws(OperatorError) -> [Int] {
    var result: [Int] = []
    result.reserveCapacity(indices.count)
    for index in indices { result.append(try checked(index, extent)) }
    return result
  }

  private static func checked(_ index: Int64, _ extent: Int) throws(OperatorError) -> Int {
    let place = index < 0 ? Int(index) + extent : Int(index)
    guard 0..<extent ~= place else {
      throw .invalid("index \(index) is out of range for an extent of \(extent)")
    }
    return place
  }

  private static func gather(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let x = try call.input(0)
    let axis = try call.axis(try call.integer("axis", else: 0), rank: x.rank)
    let indices = try checked(try call.integers(1), x.dimensions[axis])
    let extents =
      try x.dimensions[..<axis] + call.input(1).dimensions + x.dimensions[(axis + 1)...]
    return [x.slices(indices, along: axis, as: try call.shape(Array(extents)))]
  }

  /// Elements of each row, as scikit-learn's classifiers take the label of the likeliest class.
  private static func columns(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let x = try call.input(0)
    guard x.rank > 0 else { throw .invalid("a number without axes has no rows") }
    let width = x.dimensions[x.rank - 1]
    let indices = try checked(try call.integers(1), width)
    let shape = try call.shape(
      (x.rank == 1 ? [1] : Array(x.dimensions.dropLast())) + [indices.count])
    return [
      x.gathered(shape) { $0 / indices.count * width + indices[$0 % indices.count] }
    ]
  }

  private static func gatherElements(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let x = try call.input(0)
    let axis = try call.axis(try call.integer("axis", else: 0), rank: x.rank)
    let shape = try call.input(1).shape
    let places = try elementPlaces(call, x, axis: axis)
    return [x.gathered(shape) { places[$0] }]
  }

  /// The places in `x` that the indices of input 1 name, each at its own place but for `axis`.
  static func elementPlaces(
    _ call: OperatorCall, _ x: GraphValue, axis: Int
  ) throws(OperatorError) -> [Int] {
    let shape = try call.input(1).shape
    let indices = try checked(try call.integers(1), x.dimensions[axis])
    guard shape.rank == x.rank,
      (0..<x.rank).allSatisfy({ $0 == axis || shape.dimensions[$0] <= x.dimensions[$0] })
    else { throw .invalid("the indices do not fit \(x.shape)") }
    var strides = x.shape.strides
    let step = strides[axis]
    strides[axis] = 0
    var places = StridedPlaces(shape.dimensions, strides: strides)
    return indices.map { places.next() + $0 * step }
  }

  private static func gatherND(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let x = try call.input(0)
    let indices = try call.input(1)
    let batch = try call.integer("batch_dims", else: 0)
    guard batch >= 0, batch < min(x.rank, indices.rank),
      x.dimensions[..<batch] == indices.dimensions[..<batch]
    else { throw .invalid("the batches of data and indices differ") }
    let starts = try slicePlaces(call, x, batch: batch)
    let depth = indices.dimensions[indices.rank - 1]
    let inner = x.shape.count(from: batch + depth)
    let shape = try call.shape(
      indices.dimensions.dropLast() + Array(x.dimensions[(batch + depth)...]))
    return [x.gathered(shape, blocks: inner) { starts[$0] }]
  }

  /// Where in `x` each slice begins that a row of input 1 names.
  static func slicePlaces(
    _ call: OperatorCall, _ x: GraphValue, batch: Int = 0
  ) throws(OperatorError) -> [Int] {
    let shape = try call.input(1).shape
    let indices = try call.integers(1)
    guard let depth = shape.dimensions.last, depth >= 0, batch + depth <= x.rank else {
      throw .invalid("the indices name more axes than \(x.shape) has")
    }
    let strides = x.shape.strides
    // Of no indices each there may be more rows than memory holds.
    let rows = try call.shape(Array(shape.dimensions.dropLast())).count
    let batches = x.shape.count(before: batch)
    let perBatch = batches == 0 ? 0 : rows / batches
    let size = x.shape.count(from: batch)
    var starts: [Int] = []
    for row in 0..<rows {
      var place = perBatch == 0 ? 0 : row / perBatch * size
      for axis in 0..<depth {
        let index = try checked(indices[row * depth + axis], x.dimensions[batch + axis])
        place += index * strides[batch + axis]
      }
      starts.append(place)
    }
    return starts
  }

  private static func compress(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    var x = try call.input(0)
    let flags = try call.flags(1)
    let axis: Int
    if let stated = try call.integer("axis") {
      axis = try call.axis(stated, rank: x.rank)
    } else {
      x = x.reshaped(Shape([x.count]))
      axis = 0
    }
    let kept = flags.indices.filter { flags[$0] }
    guard kept.last.map({ $0 < x.dimensions[axis] }) ?? true else {
      throw .invalid("more truth values than axis \(axis) has indices")
    }
    var extents = x.dimensions
    extents[axis] = kept.count
    return [x.slices(kept, along: axis, as: try call.shape(extents))]
  }

  private static func oneHot(_ call: OperatorCall) throws(OperatorError) -> [GraphValue?] {
    let indices = try call.input(0)
    let values = try call.input(2)
    guard let number = try call.single(1), let depth = Int(exactly: number.rounded(.towardZero)),
      depth >= 0, depth < 1 << 40
    else { throw .invalid("the depth is no number from 0 to 2^40") }
    guard values.count == 2 else { throw .invalid("there are \(values.count) values, not two") }
    let rank = indices.rank + 1
    let axis = try call.axis(try call.integer("axis", else: -1), rank: rank)
    var extents = indices.dimensions
    extents.insert(depth, at: axis)
    let shape = try call.shape(extents)
    let inner = extents[(axis + 1)...].reduce(1, *)
    let hot = indices.doubles
    return [
      values.gathered(shape) { place in
        let (row, within) = place.quotientAndRemainder(dividingBy: inner)
        let (outer, index) = row.quotientAndRemainder(dividingBy: depth)
        let number = hot[outer * inner + within].rounded(.towardZero)
        return number == Double(index) || number + Double(depth) == Double(index) ? 1 : 0
      }
    ]
  }
}
