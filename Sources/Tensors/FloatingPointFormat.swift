/// How a floating-point type divides its bits: a sign, then these two parts.
///
/// What else is asked of the type's precision and range follows.
package struct FloatingPointFormat: Sendable {
  /// The bits of the exponent.
  package let exponentBits: Int
  /// The bits of the significand that are stored.
  package let significandBits: Int

  static let float64 = FloatingPointFormat(exponentBits: 11, significandBits: 52)
  static let float32 = FloatingPointFormat(exponentBits: 8, significandBits: 23)
  static let float16 = FloatingPointFormat(exponentBits: 5, significandBits: 10)
  static let bfloat16 = FloatingPointFormat(exponentBits: 8, significandBits: 7)

  /// Half the distance between 1 and the next number: what one rounding to nearest may do.
  package var roundoff: Double {
    Double(sign: .plus, exponent: -significandBits - 1, significand: 1)
  }

  /// The exponent of the smallest normal number.
  package var leastExponent: Int { 2 - (1 << (exponentBits - 1)) }

  /// The bits that are all set in an infinity and in a NaN, and in no finite number.
  package var exponentMask: UInt64 { ((1 << UInt64(exponentBits)) - 1) << UInt64(significandBits) }
}

extension ElementType {
  /// The format of a floating-point type; nil for any other.
  package var format: FloatingPointFormat? {
    switch self {
    case .float64: .float64
    case .float32: .float32
    case .float16: .float16
    case .bfloat16: .bfloat16
    default: nil
    }
  }

  /// Whether elements are real numbers with a fraction, as weights are.
  package var isFloatingPoint: Bool { format != nil }
}
