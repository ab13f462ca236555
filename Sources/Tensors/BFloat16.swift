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

  /// The value, which Float32 holds exactly.
  package var float: Float { Float(bitPattern: UInt32(bitPattern) << 16) }
}
