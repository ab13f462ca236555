internal import AlbertArchitecture

/// Puts into a pass in Float64 the errors that less precise arithmetic would make, at random.
///
/// How far the results of two such passes are apart is how far rounding alone moves them in this model, on
/// these inputs: where large terms cancel, the errors of what cancels stay. The errors are those of
/// `Tolerance`: a sum of n products is off by u √(n/6) of its usual size, the length of its row times that of its
/// inputs over √n, and where its terms have one sign by u √n/3 of itself; a weight that was rounded to a type of
/// unit roundoff w by w/√3; anything else by u. (Known as Monte Carlo arithmetic: Parker, 1997.)
package struct Disturbance: Sendable {
  /// The unit roundoff of the arithmetic.
  let arithmetic: Double
  /// The unit roundoff of the types that weights were rounded to; 0 where they are exact.
  let weights: Double
  /// Which of several disturbances it is.
  let seed: UInt64

  /// The errors of arithmetic and of weights of these unit roundoffs.
  package init(arithmetic: Double, weights: Double, seed: UInt64) {
    self.arithmetic = arithmetic
    self.weights = weights
    self.seed = seed
  }

  /// Every element by what rounding it `operations` times makes of it, and rounded weights by as much as those.
  func elements(_ x: inout Matrix, operations: Double = 1, areWeights: Bool = false) {
    let stored = areWeights ? weights * weights / 3 : 0
    let size = (arithmetic * arithmetic * operations + stored).squareRoot()
    for index in x.values.indices {
      x.values[index] += size * x.values[index] * noise(x.values[index], index)
    }
  }

  /// The sums y of products of x with rows of these lengths, that of weights where `areWeights`.
  func products(_ y: inout Matrix, of x: Matrix, rowLengths: [Double], areWeights: Bool = false) {
    let n = Double(max(1, x.columns))
    let stored = areWeights ? weights * weights / 3 : 0
    let usual = (arithmetic * arithmetic * n / 6 + stored) / n
    let sameSign = arithmetic * arithmetic * (n / 9 + 1)
    let lengths = x.rowLengths
    for row in 0..<y.rows {
      for column in 0..<y.columns {
        let value = y[row, column]
        let length = lengths[row] * rowLengths[column]
        let size = (usual * length * length + sameSign * value * value).squareRoot()
        y[row, column] += size * noise(value, row * y.columns + column)
      }
    }
  }

  /// The errors of the means that a LayerNorm takes of its input's rows.
  func meanErrors(_ x: Matrix) -> [Double] {
    x.rowLengths.enumerated().map { row, length in
      arithmetic * length / 6.0.squareRoot() * noise(length, row)
    }
  }

  /// A row of a LayerNorm's result: its deviation, and its elements.
  func normalized(_ y: inout Matrix, bias: [Double]) {
    let size = arithmetic * (Double(y.columns) / 6).squareRoot()
    for row in 0..<y.rows {
      let scale = size * noise(y[row, 0], row)
      for column in 0..<y.columns { y[row, column] += scale * (y[row, column] - bias[column]) }
    }
    elements(&y, operations: 2, areWeights: true)
  }

  /// A number of mean 0 and variance 1, of a place and what stands there: threads draw in no order.
  private func noise(_ value: Double, _ place: Int) -> Double {
    var bits = value.bitPattern &+ seed &* 0x9E37_79B9_7F4A_7C15
    bits &+= UInt64(truncatingIfNeeded: place) &* 0xD1B5_4A32_D192_ED03
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9  // SplitMix64's finalizer
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    bits ^= bits >> 31
    let uniform = Double(bits >> 11) * 0x1p-52 - 1  // in -1..<1
    return uniform * 3.0.squareRoot()
  }
}

extension Matrix {
  /// The Euclidean length of each row.
  var rowLengths: [Double] {
    (0..<rows).map { row in
      values[row * columns..<(row + 1) * columns].reduce(0) { $0 + $1 * $1 }.squareRoot()
    }
  }
}
