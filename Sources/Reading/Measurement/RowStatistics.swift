internal import AlbertBytes
internal import AlbertTensors

/// The rows of a table: their norms, and which are equal.
package struct RowStatistics: Sendable {
  /// The Euclidean norm of each row.
  package private(set) var norms: [Double] = []
  /// How many rows repeat an earlier row bit for bit.
  package private(set) var duplicates = 0
  /// How many rows hold nothing but zeros.
  package private(set) var zeroRows = 0

  private let type: ElementType
  private let rowSize: Int
  private var row: [UInt8] = []
  private var seen: Set<XXH3Digest> = []

  /// Statistics of a matrix whose bytes will follow.
  init(_ tensor: TensorDescription) {
    type = tensor.type
    rowSize = (tensor.shape.dimensions.last ?? 0) * tensor.type.size
  }

  /// Takes in the next bytes of the matrix.
  mutating func add(_ window: RawSpan) {
    guard rowSize > 0 else { return }
    var position = 0
    while position < window.byteCount {
      let count = min(rowSize - row.count, window.byteCount - position)
      let part = window.extracting(position..<position + count)
      position += count
      if row.isEmpty && count == rowSize {
        finish(part)
      } else {
        unsafe part.withUnsafeBytes { unsafe row.append(contentsOf: $0) }
        if row.count == rowSize {
          let whole = row
          unsafe finish(whole.span.bytes)
          row.removeAll(keepingCapacity: true)
        }
      }
    }
  }

  private mutating func finish(_ row: RawSpan) {
    var squares = 0.0
    for index in 0..<rowSize / type.size {
      let value = row.double(at: index, of: type) ?? 0
      squares += value * value
    }
    norms.append(squares.squareRoot())
    if squares == 0 { zeroRows += 1 }
    if !seen.insert(XXH3Digest.of(row)).inserted { duplicates += 1 }
  }
}
