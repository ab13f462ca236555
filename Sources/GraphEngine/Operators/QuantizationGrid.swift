internal import AlbertGraphs
internal import AlbertTensors

/// How scales lie over a tensor: one for all elements, one for each place along an axis, or one for
/// each block of neighbours along it.
struct QuantizationGrid {
  private enum Kind {
    case tensor
    /// Elements behind the axis, and the axis' extent.
    case axis(inner: Int, extent: Int)
    case block(inner: Int, extent: Int, size: Int, blocks: Int)
  }

  private let kind: Kind
  private let scale: GraphValue

  /// The place of the scale of the element at `index`.
  func place(of index: Int) -> Int {
    switch kind {
    case .tensor: return 0
    case .axis(let inner, let extent): return index / inner % extent
    case .block(let inner, let extent, let size, let blocks):
      let row = index / inner
      return (row / extent * blocks + row % extent / size) * inner + index % inner
    }
  }

  /// The zero points at input `index`, one for each scale; nil where it is left out.
  func points(_ call: OperatorCall, _ index: Int) throws(OperatorError) -> [Int64]? {
    guard let point = call.optional(index) else { return nil }
    guard point.count == scale.count else {
      throw .invalid("the zero points are \(point.shape), the scales \(scale.shape)")
    }
    return try call.integers(index)
  }
}

extension QuantizationGrid {
  /// The grid that the node's settings `axis` and `block_size` say; throws where the scales do not fit.
  init(_ call: OperatorCall, over shape: Shape, scale: GraphValue) throws(OperatorError) {
    let size = try call.integer("block_size", else: 0)
    if scale.count == 1, size == 0 {
      self.init(kind: .tensor, scale: scale)
      return
    }
    let axis = try call.axis(call.integer("axis", else: 1), rank: shape.rank)
    guard size >= 0 else { throw .invalid("the setting 'block_size' is \(size)") }
    if size > 0 {
      try self.init(over: shape, scale: scale, blocksOf: size, along: axis)
      return
    }
    let extent = shape.dimensions[axis]
    guard scale.dimensions == [extent] else {
      throw .invalid("the scales are \(scale.shape), not one for each of \(extent) places")
    }
    self.init(
      kind: .axis(inner: shape.count(from: axis + 1), extent: extent), scale: scale)
  }

  /// A scale for each block of so many neighbours along an axis; throws where the scales do not fit.
  init(
    over shape: Shape, scale: GraphValue, blocksOf size: Int, along axis: Int
  ) throws(OperatorError) {
    let extent = shape.dimensions[axis]
    let blocks = extent == 0 ? 0 : (extent - 1) / size + 1
    var expected = shape.dimensions
    expected[axis] = blocks
    guard scale.dimensions == expected else {
      throw .invalid("the scales are \(scale.shape), not one for each block of \(size)")
    }
    self.init(
      kind: .block(
        inner: shape.count(from: axis + 1), extent: extent, size: size, blocks: blocks),
      scale: scale)
  }
}
