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
  /// How many elements the axes before one have together.
  func count(before axis: Int) -> Int { dimensions[..<axis].reduce(1, *) }

  /// How many elements the axes from one on have together.
  func count(from axis: Int) -> Int { dimensions[axis...].reduce(1, *) }

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

  /// Whether a value of some extents can be repeated to others.
  static func fits(_ extents: [Int], _ wanted: [Int]) -> Bool {
    self.extents([extents, wanted]) == wanted
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
  ///
  /// It is inlined, so that sums and products become loops of vectors.
  @inline(__always)
  package static func map<A, B, R: BitwiseCopyable>(
    _ a: [A], _ aShape: Shape, _ b: [B], _ bShape: Shape, over extents: [Int],
    _ body: (A, B) -> R
  ) -> [R] {
    var rows = PairedRows((aShape, a.count), (bShape, b.count), over: extents)
    let width = rows.width
    return unsafe [R](unsafeUninitializedCapacity: rows.count) { target, filled in
      while filled < rows.count {
        let (aPlaces, bPlaces) = rows.next()
        unsafe a[aPlaces].withUnsafeBufferPointer { x in
          unsafe b[bPlaces].withUnsafeBufferPointer { y in
            let row = unsafe UnsafeMutableBufferPointer(rebasing: target[filled..<filled + width])
            switch rows.isWide {
            case (true, true):
              for index in 0..<width {
                unsafe row.initializeElement(at: index, to: body(x[index], y[index]))
              }
            case (true, false):
              let y = unsafe y[0]
              for index in 0..<width {
                unsafe row.initializeElement(at: index, to: body(x[index], y))
              }
            case (false, true):
              let x = unsafe x[0]
              for index in 0..<width {
                unsafe row.initializeElement(at: index, to: body(x, y[index]))
              }
            case (false, false):
              let result = unsafe body(x[0], y[0])
              unsafe row.initialize(repeating: result)
            }
          }
        }
        filled += width
      }
    }
  }
}

/// The rows of two lists that are walked together, in which each side advances by one or stays; values of
/// one shape are one row.
package struct PairedRows {
  /// The pairs of all rows.
  let count: Int
  /// The pairs of a row.
  let width: Int
  /// Whether a side advances within a row.
  let isWide: (a: Bool, b: Bool)
  private var places: (a: StridedPlaces, b: StridedPlaces)

  init(_ a: (shape: Shape, count: Int), _ b: (shape: Shape, count: Int), over extents: [Int]) {
    count = extents.reduce(1, *)
    let isOneRow =
      a.shape == b.shape || (a.count == 1 && b.count == count) || (b.count == 1 && a.count == count)
    let outer = isOneRow ? [] : Array(extents.dropLast())
    width = isOneRow ? count : extents.last ?? 1
    let aStrides = Broadcast.strides(a.shape, over: extents)
    let bStrides = Broadcast.strides(b.shape, over: extents)
    places = (
      StridedPlaces(outer, strides: Array(aStrides.prefix(outer.count))),
      StridedPlaces(outer, strides: Array(bStrides.prefix(outer.count)))
    )
    isWide =
      isOneRow ? (a: a.count > 1, b: b.count > 1) : (a: aStrides.last == 1, b: bStrides.last == 1)
  }

  /// Where the next row lies in either list.
  mutating func next() -> (a: Range<Int>, b: Range<Int>) {
    let (a, b) = (places.a.next(), places.b.next())
    return (a..<a + (isWide.a ? width : 1), b..<b + (isWide.b ? width : 1))
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
  @inline(__always)
  package func pairs<A, B, R: BitwiseCopyable>(
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
    return strided(
      shape, over: shape.dimensions, strides: Broadcast.strides(self.shape, over: shape.dimensions))
  }
}
