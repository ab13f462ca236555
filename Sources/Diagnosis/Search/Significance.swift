internal import AlbertPlatform

/// When a smaller error is not an accident.
enum Significance {
  /// Whether an error of `count` numbers that shrinks from `before` to `after` under one of `tried`
  /// candidates decides for it.
  ///
  /// An accident that leaves a share r of the error in each of n independent directions has
  /// probability r^n.
  static func decides(
    before: Double, after: Double, isExplained: Bool, count: Int, tried: Int
  ) -> Bool {
    guard after.isFinite else { return false }
    guard before.isFinite else { return isExplained }
    guard after > 0 else { return true }
    let ratio = after / before
    guard ratio <= (isExplained ? Policy.explainedRemainder : Policy.remainder) else {
      return false
    }
    return Double(min(count, Policy.directions)) * log(ratio) + log(Double(max(1, tried)))
      < log(Policy.accident)
  }
}

/// Pearson's correlation, over sets of numbers each with a mean of its own.
struct Correlation {
  private var (product, mine, theirs) = (0.0, 0.0, 0.0)

  init() {}

  /// Adds two sets of as many numbers.
  mutating func add(_ values: [Double], _ others: [Double]) {
    let count = Double(max(1, values.count))
    let means = (values.reduce(0, +) / count, others.reduce(0, +) / count)
    for (value, other) in zip(values, others) {
      let (a, b) = (value - means.0, other - means.1)
      product += a * b
      mine += a * a
      theirs += b * b
    }
  }

  /// The correlation; nil where numbers are not finite, or all alike.
  var value: Double? {
    let norms = (mine * theirs).squareRoot()
    return norms > 0 && product.isFinite && norms.isFinite ? product / norms : nil
  }
}
