internal import AlbertArchitecture
internal import AlbertTensors

/// A row-major matrix of activations: one row per token, one column per feature.
struct Matrix {
  let rows: Int
  let columns: Int
  // [rows, columns]
  var values: [Double]

  init(rows: Int, columns: Int) {
    self.init(rows: rows, columns: columns, values: Array(repeating: 0, count: rows * columns))
  }

  init(rows: Int, columns: Int, values: [Double]) {
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  subscript(row: Int, column: Int) -> Double {
    get { values[row * columns + column] }
    set { values[row * columns + column] = newValue }
  }

  /// The sum of two matrices of one shape.
  static func + (left: Matrix, right: Matrix) -> Matrix {
    var sum = left
    for index in sum.values.indices { sum.values[index] += right.values[index] }
    return sum
  }

  /// A copy of some rows and columns: one sequence's tokens, one head's features.
  subscript(rowRange: Range<Int>, columnRange: Range<Int>) -> Matrix {
    get {
      var part: [Double] = []
      part.reserveCapacity(rowRange.count * columnRange.count)
      for row in rowRange {
        part +=
          values[row * columns + columnRange.lowerBound..<row * columns + columnRange.upperBound]
      }
      return Matrix(rows: rowRange.count, columns: columnRange.count, values: part)
    }
    set {
      for (from, row) in rowRange.enumerated() {
        for (fromColumn, column) in columnRange.enumerated() {
          self[row, column] = newValue[from, fromColumn]
        }
      }
    }
  }

  /// The same, as factors of a product of some precision.
  func rounded(to precision: ProductPrecision) -> Matrix {
    guard precision != .full else { return self }
    return Matrix(rows: rows, columns: columns, values: values.map { precision($0) })
  }

  /// Rows as columns.
  var transposed: Matrix {
    Matrix(
      rows: columns, columns: rows, values: values.transposed(rows: rows, columns: columns))
  }

  /// The rows whose index is a multiple of `step`: the first token of each sequence.
  func everyRow(_ step: Int) -> Matrix {
    var picked: [Double] = []
    for row in stride(from: 0, to: rows, by: step) {
      picked += values[row * columns..<(row + 1) * columns]
    }
    return Matrix(rows: rows / step, columns: columns, values: picked)
  }
}
