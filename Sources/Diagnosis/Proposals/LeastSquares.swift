/// Linear least squares with few unknowns, by the normal equations.
struct LeastSquares {
  /// The Cholesky factor of the normal equations, lower triangular, [unknowns, unknowns].
  private let factor: [[Double]]
  /// The columns that are combined, [unknowns][equations].
  private let columns: [[Double]]

  /// Prepares fits by combinations of `columns`, all of one length.
  ///
  /// Columns that depend on one another are held apart by a share of 1e-12, so that a fit exists.
  init(columns: [[Double]]) {
    let count = columns.count
    var gram = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
    for i in 0..<count {
      for j in 0...i {
        let product = dot(columns[i], columns[j])
        gram[i][j] = product
        gram[j][i] = product
      }
    }
    let largest = (0..<count).map { gram[$0][$0] }.max() ?? 0
    for i in 0..<count { gram[i][i] += 1e-12 * largest + Double.leastNormalMagnitude }
    var lower = gram
    for i in 0..<count {
      for j in 0...i {
        var sum = gram[i][j]
        for k in 0..<j { sum -= lower[i][k] * lower[j][k] }
        lower[i][j] =
          i == j ? max(sum, Double.leastNormalMagnitude).squareRoot() : sum / lower[j][j]
      }
    }
    factor = lower
    self.columns = columns
  }

  /// The factors of the combination that is nearest to `target`.
  func solve(_ target: [Double]) -> [Double] {
    let count = columns.count
    var x = columns.map { dot($0, target) }
    for i in 0..<count {
      for k in 0..<i { x[i] -= factor[i][k] * x[k] }
      x[i] /= factor[i][i]
    }
    for i in (0..<count).reversed() {
      for k in i + 1..<count { x[i] -= factor[k][i] * x[k] }
      x[i] /= factor[i][i]
    }
    return x
  }

  /// What the nearest combination leaves of `target`.
  func remainder(_ target: [Double]) -> [Double] {
    var rest = target
    // Solved twice: the second time takes out what the first left by rounding.
    for _ in 0..<2 {
      for (factor, column) in zip(solve(rest), columns) {
        for index in rest.indices { rest[index] -= factor * column[index] }
      }
    }
    return rest
  }
}

/// The sum of the products of two vectors of one length.
private func dot(_ a: [Double], _ b: [Double]) -> Double {
  var sum = 0.0
  for index in 0..<min(a.count, b.count) { sum += a[index] * b[index] }
  return sum
}
