internal import AlbertPlatform

/// Ratios on a logarithmic scale.
enum Decibels {
  /// The signal-to-noise ratio of numbers with a relative error, in decibels; infinite for none.
  static func signalToNoise(_ relL2: Double) -> Double { -20 * log10(relL2) }
}
