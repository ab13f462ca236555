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
  private var rows: WholePieces
  private var seen: Set<XXH3Digest> = []

  /// Statistics of a matrix whose bytes will follow.
  init(_ tensor: TensorDescription) {
    type = tensor.type
    rowSize = (tensor.shape.dimensions.last ?? 0) * tensor.type.size
    rows = WholePieces(of: rowSize)
  }

  /// Takes in the next bytes of the matrix.
  mutating func add(_ window: RawSpan) {
    guard rowSize > 0 else { return }
    var rows = rows
    rows.take(window) { run in
      for start in stride(from: 0, to: run.byteCount, by: rowSize) {
        finish(run.extracting(start..<start + rowSize))
      }
    }
    self.rows = rows
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
