internal import Tensors

/// What became of each number of a parameter on its own.
enum ValueChange: Equatable {
  case none
  case negated
  case doubled
  case zeroed
  /// Went through a narrower type.
  case rounded(Rounding)
  /// Stored as this type, its bytes in reverse order.
  case byteSwapped(ElementType)
  case scaled(Double)

  /// The number that it makes of another one.
  func apply(_ value: Double) -> Double {
    switch self {
    case .none: value
    case .negated: -value
    case .doubled: 2 * value
    case .zeroed: 0
    case .rounded(let rounding): rounding.apply(value)
    case .byteSwapped(let type): type.byteSwapped(value)
    case .scaled(let factor): factor * value
    }
  }

  /// The code of the explanation; nil where nothing changed.
  var code: Diagnosis.Code? {
    switch self {
    case .none: nil
    case .negated: .signFlipped
    case .doubled: .biasDoubled
    case .zeroed: .zeroed
    case .rounded: .precisionLoss
    case .byteSwapped: .byteSwapped
    case .scaled: .scaled
    }
  }

  /// What messages say of a parameter that it happened to.
  var words: String {
    switch self {
    case .none: "is as it should be"
    case .negated: "has the opposite sign"
    case .doubled: "is twice what it should be, as if it were added twice"
    case .zeroed: "is all zero"
    case .rounded(let rounding): "was \(rounding.words)"
    case .byteSwapped: "has the bytes of each number in reverse order"
    case .scaled(let factor): "is \(factor.inSixDigits) times what it should be"
    }
  }
}

extension ElementType {
  /// The number that a number stored as this type becomes when its bytes are reversed.
  fileprivate func byteSwapped(_ value: Double) -> Double {
    switch self {
    case .float64: Double(bitPattern: value.bitPattern.byteSwapped)
    case .float16: Double(Float16(bitPattern: Float16(value).bitPattern.byteSwapped))
    case .bfloat16:
      Double(BFloat16(bitPattern: BFloat16(Float(value)).bitPattern.byteSwapped).float)
    default: Double(Float(bitPattern: Float(value).bitPattern.byteSwapped))
    }
  }
}

extension Double {
  /// The number in six significant digits, as a message prints it.
  var inSixDigits: String {
    guard isFinite, self != 0 else { return "\(self)" }
    var unit = 1.0
    while abs(self) / unit >= 1e6 { unit *= 10 }
    while abs(self) / unit < 1e5, unit > 1e-300 { unit /= 10 }
    // Dividing by a whole power of ten rounds once, so that 0.1 prints as 0.1.
    let digits = (self / unit).rounded()
    return "\(unit < 1 ? digits / (1 / unit).rounded() : digits * unit)"
  }
}
