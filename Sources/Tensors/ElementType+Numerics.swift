extension ElementType {
  /// Half the distance between 1 and the next number: what one rounding to nearest may do.
  package var roundoff: Double {
    switch self {
    case .float64: 0x1p-53
    case .float32: 0x1p-24
    case .float16: 0x1p-11
    case .bfloat16: 0x1p-8
    // Symmetric per row: half a step of 1/127 of the row's largest number.
    case .int8: 0.5 / 127
    default: 0
    }
  }

  /// Whether a number keeps its value as this floating-point type.
  package func holds(_ value: Double) -> Bool {
    guard value.isFinite else { return true }
    switch self {
    case .float64, .float32, .float16, .bfloat16: return nearest(value) == value
    default: return false
    }
  }

  /// The number that a number is stored as.
  package func nearest(_ value: Double) -> Double {
    switch self {
    case .float16: Double(Float16(value))
    case .bfloat16: Double(BFloat16(Float(value)).float)
    case .float32: Double(Float(value))
    default: value
    }
  }

  /// The distance between neighbours at `value`; below a type's normal numbers it shrinks no more.
  package func unitInLastPlace(of value: Double) -> Double {
    // Read off the exponent: conversions to half types are calls into a library.
    let (least, digits) =
      switch self {
      case .float16: (-14, 10)
      case .bfloat16: (-126, 7)
      case .float32: (-126, 23)
      default: (-1022, 52)
      }
    let exponent = value == 0 ? least : max(least, Int(value.exponent))
    return Double(sign: .plus, exponent: exponent - digits, significand: 1)
  }

  /// How many numbers of the type one must pass to get from one to the other; both zeros are one.
  package func steps(from value: Double, to other: Double) -> Double {
    abs(place(of: value) - place(of: other))
  }

  /// The place of one of the type's numbers in their order, 0 for zero.
  private func place(of value: Double) -> Double {
    let magnitude =
      switch self {
      case .float16: Double(Float16(abs(value)).bitPattern)
      case .bfloat16: Double(Float(abs(value)).bitPattern >> 16)
      case .float32: Double(Float(abs(value)).bitPattern)
      default: Double(abs(value).bitPattern)
      }
    return value < 0 ? -magnitude : magnitude
  }
}
