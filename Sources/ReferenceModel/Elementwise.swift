package import AlbertArchitecture
internal import AlbertPlatform

extension Activation {
  /// The activation of one number.
  package func callAsFunction(_ x: Double) -> Double {
    switch self {
    case .geluErf: 0.5 * x * (1 + erf(x / 2.0.squareRoot()))
    case .geluTanh:
      0.5 * x * (1 + hyperbolicTangent((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
    case .relu: x < 0 ? 0 : x
    case .silu: x / (1 + exp(-x))
    case .tanh: hyperbolicTangent(x)
    }
  }
}

/// libm's function under a name that the case `tanh` does not hide.
func hyperbolicTangent(_ x: Double) -> Double { tanh(x) }

extension Matrix {
  /// Each row shifted to mean 0 and scaled to variance 1, then by weight and bias per feature.
  ///
  /// `meanErrors` are by how much each row's mean is taken wrong, where errors are to be shown.
  func layerNorm(
    _ kind: LayerNormKind, weight: [Double], bias: [Double], epsilon: Double,
    meanErrors: [Double]? = nil
  ) -> Matrix {
    var y = self  // [tokens, features]
    for token in 0..<rows {
      let row = token * columns..<(token + 1) * columns
      let mean = values[row].reduce(0, +) / Double(columns) + (meanErrors?[token] ?? 0)
      let squares = values[row].reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let scale =
        switch kind {
        case .variance: 1 / (squares / Double(columns) + epsilon).squareRoot()
        case .unbiasedDeviation: 1 / ((squares / Double(columns - 1)).squareRoot() + 1e-6)
        }
      for (feature, index) in row.enumerated() {
        y.values[index] = (values[index] - mean) * scale * weight[feature] + bias[feature]
      }
    }
    return y
  }

  /// The exponentials of a row over their sum, without overflow.
  mutating func softmax(row: Int) {
    let row = row * columns..<(row + 1) * columns
    let largest = values[row].max() ?? 0
    for index in row { values[index] = exp(values[index] - largest) }
    let sum = values[row].reduce(0, +)
    for index in row { values[index] /= sum }
  }
}
