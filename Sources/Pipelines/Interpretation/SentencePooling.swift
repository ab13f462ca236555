internal import AlbertArchitecture

/// How the hidden states of a text's tokens become one vector.
///
/// The modes and their order are sentence-transformers' (`1_Pooling/config.json`); several give one
/// vector behind the other.
package struct SentencePooling: Equatable, Sendable {
  /// One way to make one vector of many.
  package enum Mode: String, CaseIterable, Sendable {
    case firstToken = "pooling_mode_cls_token"
    case max = "pooling_mode_max_tokens"
    case mean = "pooling_mode_mean_tokens"
    case meanOverSquareRoot = "pooling_mode_mean_sqrt_len_tokens"
    case weightedMean = "pooling_mode_weightedmean_tokens"
    case lastToken = "pooling_mode_lasttoken"
  }

  /// What is done, in order.
  package var modes: [Mode]
  /// Whether the vector is then brought to length 1.
  package var normalizes: Bool
  /// The most tokens of a text that are read, where a file says so.
  package var longestInput: Int?

  /// The mean over all tokens that are not padding, where nobody says otherwise.
  package static let mean = SentencePooling(modes: [.mean], normalizes: false)

  /// States how a vector is made.
  package init(modes: [Mode], normalizes: Bool) {
    self.modes = modes
    self.normalizes = normalizes
  }

  /// The vector of `count` tokens, whose hidden states `row` gives.
  func vector(count: Int, row: (Int) -> ArraySlice<Float>) -> [Float] {
    var sum = modes.flatMap { mode in
      switch mode {
      case .firstToken: row(0).map(Double.init)
      case .lastToken: row(Swift.max(0, count - 1)).map(Double.init)
      case .max: Self.merged(count, row) { Swift.max($0, $1) }
      case .mean: Self.mean(count, row) { _ in 1 }
      case .weightedMean: Self.mean(count, row) { Double($0 + 1) }
      case .meanOverSquareRoot:
        Self.mean(count, row) { _ in 1 }.map { $0 * Double(count).squareRoot() }
      }
    }
    if normalizes {
      let length = Swift.max(sum.map { $0 * $0 }.reduce(0, +).squareRoot(), 1e-12)
      for index in sum.indices { sum[index] /= length }
    }
    return sum.map(Float.init)
  }

  private static func merged(
    _ count: Int, _ row: (Int) -> ArraySlice<Float>, _ merge: (Double, Double) -> Double
  ) -> [Double] {
    var result = row(0).map(Double.init)
    for token in 1..<Swift.max(1, count) {
      for (index, value) in row(token).enumerated() {
        result[index] = merge(result[index], Double(value))
      }
    }
    return result
  }

  private static func mean(
    _ count: Int, _ row: (Int) -> ArraySlice<Float>, weight: (Int) -> Double
  ) -> [Double] {
    var result = row(0).map { Double($0) * weight(0) }
    var weights = weight(0)
    for token in 1..<Swift.max(1, count) {
      weights += weight(token)
      for (index, value) in row(token).enumerated() {
        result[index] += Double(value) * weight(token)
      }
    }
    return result.map { $0 / weights }
  }
}
