/// The upper half of a Float32, as bfloat16 is stored.
package struct BFloat16: Equatable, Sendable {
  /// The 16 stored bits.
  package let bitPattern: UInt16

  /// A value of known bits.
  package init(bitPattern: UInt16) { self.bitPattern = bitPattern }

  /// The nearest value, ties to even; a NaN stays a NaN.
  package init(_ value: Float) {
    let bits = value.bitPattern
    if value.isNaN {
      bitPattern = UInt16(truncatingIfNeeded: bits >> 16) | 0x0040
    } else {
      let rounding = 0x7FFF + ((bits >> 16) & 1)
      bitPattern = UInt16(truncatingIfNeeded: (bits &+ rounding) >> 16)
    }
  }

  /// The value nearest to a wider number, which is not always the one nearest to its Float32.
  package init(_ value: Double) { self.init(Self.roundedToOdd(value)) }

  /// The Float32 that rounds on to any narrower type as the number itself would: cut off, with the
  /// last bit set where something was cut.
  private static func roundedToOdd(_ value: Double) -> Float {
    let nearest = Float(value)
    guard value.isFinite, nearest.isFinite, Double(nearest) != value else { return nearest }
    let cut = abs(Double(nearest)) > abs(value) ? nearest.bitPattern - 1 : nearest.bitPattern
    return Float(bitPattern: cut | 1)
  }

  /// The value, which Float32 holds exactly.
  package var float: Float { Float(bitPattern: UInt32(bitPattern) << 16) }
}
