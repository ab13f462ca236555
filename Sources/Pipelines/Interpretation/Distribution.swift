internal import AlbertPlatform

/// Scores as probabilities, in Float64.
enum Distribution {
  /// The share of each score among all.
  static func softmax(_ scores: some Collection<Float>) -> [Double] {
    guard let largest = scores.max() else { return [] }
    let powers = scores.map { exp(Double($0) - Double(largest)) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }

  /// The probability of one score alone.
  static func sigmoid(_ score: Float) -> Double { 1 / (1 + exp(-Double(score))) }

  /// The places of the largest values, largest first; equal ones as they come, and what is not a number
  /// last.
  static func best(_ count: Int, of values: [Double]) -> [Int] {
    guard count > 0 else { return [] }
    if count > 64 {
      return Array(
        values.indices.sorted { left, right in
          precedes(values[left], values[right])
            || (left < right && !precedes(values[right], values[left]))
        }.prefix(count))
    }
    var best: [Int] = []
    for index in values.indices {
      if best.count == count, let last = best.last, !precedes(values[index], values[last]) {
        continue
      }
      let place = best.firstIndex { precedes(values[index], values[$0]) } ?? best.count
      best.insert(index, at: place)
      if best.count > count { best.removeLast() }
    }
    return best
  }

  private static func precedes(_ left: Double, _ right: Double) -> Bool {
    left > right || (right.isNaN && !left.isNaN)
  }
}
