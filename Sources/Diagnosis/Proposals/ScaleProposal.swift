/// The factor that brings numbers nearest to others.
struct ScaleProposal {
  let factor: Double
  /// The root mean square that it leaves.
  let error: Double

  /// The median of what numbers are times what they should be; nil where there are too few.
  static func factor(_ numbers: [(value: Double, expected: Double)]) -> Double? {
    let ratios = numbers.map { $0.value / $0.expected }.filter { $0.isFinite && $0 != 0 }.sorted()
    return ratios.count > 1 ? ratios[ratios.count / 2] : nil
  }

  /// Gauss and Newton's method in one unknown: what `residual` leaves is made least.
  ///
  /// `step` is the distance over which the derivative is taken. Nil where a residual is, or does not
  /// depend on the factor.
  init?(from start: Double, step: Double, rounds: Int, residual: (Double) -> [Double]?) {
    var factor = start
    guard var rest = residual(factor) else { return nil }
    var error = Self.meanSquare(rest)
    for _ in 0..<rounds {
      guard let ahead = residual(factor + step) else { return nil }
      // The derivative of the outputs by the factor.
      let slope = zip(rest, ahead).map { ($0 - $1) / step }
      let square = slope.reduce(0) { $0 + $1 * $1 }
      guard square > 0, square.isFinite else { return nil }
      var change = zip(slope, rest).reduce(0) { $0 + $1.0 * $1.1 } / square
      // Halved until it helps: far from the solution the outputs are not linear in the factor.
      var next: (factor: Double, rest: [Double], error: Double)?
      for _ in 0..<3 where next == nil {
        let tried = min(max(factor + change, -100), 100)
        guard let left = residual(tried) else { return nil }
        if Self.meanSquare(left) < error { next = (tried, left, Self.meanSquare(left)) }
        change /= 2
      }
      guard let next else { break }
      let gain = error - next.error
      (factor, rest, error) = next
      if gain < 1e-3 * error { break }
    }
    self.factor = factor
    self.error = error
  }

  private static func meanSquare(_ values: [Double]) -> Double {
    (values.reduce(0) { $0 + $1 * $1 } / Double(max(1, values.count))).squareRoot()
  }
}
