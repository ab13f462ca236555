internal import AlbertTensors

/// How the pieces of a partitioned variable tile its shape: every axis is cut at some places, and
/// each cell between the cuts is exactly one piece.
struct SliceGrid: Equatable, Sendable {
  /// Along each axis, the lengths between its cuts.
  let segments: [[Int]]
  /// The index of the piece that fills each cell, cells in row-major order.
  let cells: [Int]

  /// The grid of `boxes` within `shape`; nil where they leave a gap, overlap, or form no grid.
  init?(_ boxes: [[Range<Int>]], in shape: Shape) {
    var segments: [[Int]] = []
    var positions: [[Int: Int]] = []
    var count = 1
    for axis in 0..<shape.rank {
      let ranges = Set(boxes.map { $0[axis] }).sorted { $0.lowerBound < $1.lowerBound }
      var end = 0
      var starts: [Int: Int] = [:]
      for (index, range) in ranges.enumerated() {
        guard range.lowerBound == end, starts.updateValue(index, forKey: end) == nil else {
          return nil
        }
        end = range.upperBound
      }
      guard end == shape.dimensions[axis] else { return nil }
      count *= ranges.count
      // There is one piece to a cell, so a grid of more cells than pieces has holes.
      guard count <= boxes.count else { return nil }
      segments.append(ranges.map(\.count))
      positions.append(starts)
    }
    guard count == boxes.count else { return nil }
    var cells = [Int](repeating: -1, count: count)
    for (index, box) in boxes.enumerated() {
      var cell = 0
      for axis in 0..<shape.rank {
        cell = cell * segments[axis].count + (positions[axis][box[axis].lowerBound] ?? 0)
      }
      guard cells[cell] < 0 else { return nil }
      cells[cell] = index
    }
    self.segments = segments
    self.cells = cells
  }

  /// The innermost axis that is cut, or nil where there is one piece.
  var lastCut: Int? { segments.lastIndex { $0.count > 1 } }

  /// Whether the pieces simply follow each other in the tensor's row-major order: no axis is cut
  /// inside of another one of more than one element.
  var isSequential: Bool {
    guard let lastCut else { return true }
    return segments[..<lastCut].allSatisfy { $0.allSatisfy { $0 == 1 } }
  }

  /// Walks the tensor in row-major order and hands every run of elements that lies together in one
  /// piece to `body`, by the piece's index and the number of elements.
  ///
  /// Each piece's own runs come in its own row-major order, so that it is read from front to back.
  func forEachRun<E: Error>(_ body: (_ piece: Int, _ elements: Int) throws(E) -> Void) throws(E) {
    // An axis of no extent leaves nothing to walk, however long the others are.
    guard segments.allSatisfy({ $0.contains { $0 > 0 } }) else { return }
    guard let lastCut else {
      guard let piece = cells.first else { return }
      return try body(piece, segments.reduce(1) { $0 * $1.reduce(0, +) })
    }
    let inner = segments[(lastCut + 1)...].reduce(1) { $0 * $1.reduce(0, +) }
    let innerCells = segments[(lastCut + 1)...].reduce(1) { $0 * $1.count }
    try visit(axis: 0, cell: 0, lastCut, inner, innerCells, body)
  }

  private func visit<E: Error>(
    axis: Int, cell: Int, _ lastCut: Int, _ inner: Int, _ innerCells: Int,
    _ body: (_ piece: Int, _ elements: Int) throws(E) -> Void
  ) throws(E) {
    for (segment, length) in segments[axis].enumerated() {
      let next = cell * segments[axis].count + segment
      if axis == lastCut {
        try body(cells[next * innerCells], length * inner)
      } else {
        for _ in 0..<length {
          try visit(axis: axis + 1, cell: next, lastCut, inner, innerCells, body)
        }
      }
    }
  }
}
