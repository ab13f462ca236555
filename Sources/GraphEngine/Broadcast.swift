package import AlbertTensors

/// The places that a strided walk over some extents visits, in row-major order.
package struct StridedPlaces {
  private let extents: [Int]
  private let strides: [Int]
  private var counters: [Int]
  private var place: Int

  /// A walk from `start`; an axis of stride 0 repeats.
  package init(_ extents: [Int], strides: [Int], start: Int = 0) {
    self.extents = extents
    self.strides = strides
    counters = [Int](repeating: 0, count: extents.count)
    place = start
  }

  /// The next place; past the last one the walk begins anew.
  package mutating func next() -> Int {
    let result = place
    var axis = extents.count - 1
    while axis >= 0 {
      counters[axis] += 1
      place += strides[axis]
      if counters[axis] < extents[axis] { break }
      place -= strides[axis] * extents[axis]
      counters[axis] = 0
      axis -= 1
    }
    return result
  }
}

extension Shape {
  /// The distance between neighbours along each axis, in elements.
  package var strides: [Int] {
    var strides = [Int](repeating: 1, count: rank)
    for axis in stride(from: rank - 2, through: 0, by: -1) {
      strides[axis] = strides[axis + 1] * max(1, dimensions[axis + 1])
    }
    return strides
  }
}

/// The joining of shapes by ONNX's (NumPy's) rule: aligned at the last axis, extents of 1 repeat.
package enum Broadcast {
  /// The extents that values of these extents have together; nil where they do not fit.
  package static func extents(_ shapes: [[Int]]) -> [Int]? {
    let rank = shapes.map(\.count).max() ?? 0
    var result = [Int](repeating: 1, count: rank)
    for shape in shapes {
      for (axis, extent) in shape.enumerated() {
        let place = rank - shape.count + axis
        if result[place] == 1 { result[place] = extent }
        guard extent == 1 || extent == result[place] else { return nil }
      }
    }
    return result
  }

  /// The strides by which a value of `shape` is walked over `extents`, to which it fits.
  package static func strides(_ shape: Shape, over extents: [Int]) -> [Int] {
    var result = [Int](repeating: 0, count: extents.count)
    let own = shape.strides
    for axis in 0..<shape.rank where shape.dimensions[axis] != 1 {
      result[extents.count - shape.rank + axis] = own[axis]
    }
    return result
  }

  /// `body` of each pair of elements.
  package static func map<A, B, R>(
    _ a: [A], _ aShape: Shape, _ b: [B], _ bShape: Shape, over extents: [Int],
    _ body: (A, B) -> R
  ) -> [R] {
    let count = extents.reduce(1, *)
    guard count > 0 else { return [] }
    if aShape == bShape { return (0..<count).map { body(a[$0], b[$0]) } }
    if b.count == 1 {
      let b = b[0]
      if a.count == count { return a.map { body($0, b) } }
    } else if a.count == 1, b.count == count {
      let a = a[0]
      return b.map { body(a, $0) }
    }
    // A row at a time, in which each side advances by one or stays.
    let aStrides = strides(aShape, over: extents)
    let bStrides = strides(bShape, over: extents)
    let width = extents.last ?? 1
    let aStep = aStrides.last ?? 0
    let bStep = bStrides.last ?? 0
    var aRows = StridedPlaces(Array(extents.dropLast()), strides: Array(aStrides.dropLast()))
    var bRows = StridedPlaces(Array(extents.dropLast()), strides: Array(bStrides.dropLast()))
    var result: [R] = []
    result.reserveCapacity(count)
    for _ in 0..<count / width {
      var aPlace = aRows.next()
      var bPlace = bRows.next()
      for _ in 0..<width {
        result.append(body(a[aPlace], b[bPlace]))
        aPlace += aStep
        bPlace += bStep
      }
    }
    return result
  }
}

extension OperatorCall {
  /// The shape that some inputs have together.
  package func broadcast(_ values: [GraphValue]) throws(OperatorError) -> Shape {
    guard let extents = Broadcast.extents(values.map(\.dimensions)) else {
      throw .invalid("the shapes do not fit together")
    }
    return try shape(extents)
  }

  /// `body` of each pair of elements of two lists that `a` and `b` hold, in their joint shape.
  package func pairs<A, B, R>(
    _ a: (values: [A], shape: Shape), _ b: (values: [B], shape: Shape), over shape: Shape,
    _ body: (A, B) -> R
  ) -> [R] {
    Broadcast.map(a.values, a.shape, b.values, b.shape, over: shape.dimensions, body)
  }
}

extension GraphValue {
  /// The value repeated to `shape`, to which its own fits.
  package func expanded(to shape: Shape) -> GraphValue {
    if self.shape == shape { return self }
    var places = StridedPlaces(
      shape.dimensions, strides: Broadcast.strides(self.shape, over: shape.dimensions))
    return gathered(shape) { _ in places.next() }
  }
}
