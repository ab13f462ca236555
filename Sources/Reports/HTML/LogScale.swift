internal import AlbertPlatform

/// A scale on which every power of ten is as wide as the next.
struct LogScale {
  /// The exponent at its beginning.
  let low: Int
  /// The exponent at its end.
  let high: Int

  /// From what Float64 can just tell apart up to 1, where a value of size 1 is all wrong.
  static let errors = LogScale(low: -16, high: 0)

  /// The part of the scale below `value`, 0…1.
  ///
  /// 1 for what is not a finite number: no error is larger.
  func position(_ value: Double) -> Double {
    guard value.isFinite else { return 1 }
    guard value > 0 else { return 0 }
    return min(1, max(0, (log10(value) - Double(low)) / Double(high - low)))
  }

  /// The same scale, ending at a power of ten that is not below any of `values`.
  func reaching(_ values: [Double]) -> LogScale {
    let most = values.lazy.filter(\.isFinite).max() ?? 0
    return LogScale(low: low, high: most > 0 ? max(high, Int(log10(most).rounded(.up))) : high)
  }
}
