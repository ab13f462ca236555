internal import AlbertBytes
internal import AlbertTensors

/// Some neighbouring columns of a matrix, or elements of a list, as a tensor of their own.
struct ONNXColumns {
  /// The name of the part.
  let name: String
  let range: Range<Int>

  /// The part of `tensor`, which has at least one axis.
  func description(of tensor: TensorDescription) -> TensorDescription {
    var dimensions = tensor.shape.dimensions
    dimensions[dimensions.count - 1] = range.count
    return TensorDescription(name: name, type: tensor.type, shape: Shape(dimensions))
  }
}

/// Picks columns out of a matrix that comes in windows.
struct ONNXColumnFilter {
  private let row: Int
  private let kept: Range<Int>
  /// The place in the row at which the next window begins.
  private var position = 0

  init(_ columns: ONNXColumns, of tensor: TensorDescription) {
    let size = tensor.type.size
    row = (tensor.shape.dimensions.last ?? 1) * size
    kept = columns.range.lowerBound * size..<columns.range.upperBound * size
  }

  /// The bytes of the columns in the next window.
  mutating func callAsFunction(_ window: RawSpan) -> [UInt8] {
    var result: [UInt8] = []
    var start = 0
    while start < window.byteCount {
      let count = min(row - position, window.byteCount - start)
      let wanted = (position..<position + count).clamped(to: kept)
      if !wanted.isEmpty {
        let first = start + wanted.lowerBound - position
        result.append(window.extracting(first..<first + wanted.count))
      }
      start += count
      position = (position + count) % row
    }
    return result
  }
}
