internal import AlbertTensors

/// What becomes of each number of a parameter on its own.
enum NumberChange: Equatable, Sendable {
  case negated
  case doubled
  case zeroed
  case scaled(Double)
  /// Went through a narrower type.
  case rounded(Rounding)
  /// Stored as this type, its bytes in reverse order.
  case byteSwapped(ElementType)

  /// The number that it makes of another one.
  func apply(_ value: Double) -> Double {
    switch self {
    case .negated: -value
    case .doubled: 2 * value
    case .zeroed: 0
    case .scaled(let factor): factor * value
    case .rounded(let rounding): rounding.apply(value)
    case .byteSwapped(let type): type.byteSwapped(value)
    }
  }

  /// Whether a Float32 number stays one.
  var isExact: Bool {
    if case .scaled(let factor) = self { return factor.significand == 1 }
    return true
  }

  /// The change that takes this one back; nil where digits are lost.
  var inverse: NumberChange? {
    switch self {
    case .negated, .byteSwapped: self
    case .doubled: .scaled(0.5)
    case .scaled(let factor): isExact && factor.isNormal ? .scaled(1 / factor) : nil
    case .zeroed, .rounded: nil
    }
  }
}

/// A way through a narrower type and back.
struct Rounding: Equatable, Sendable {
  /// What happens to digits for which the narrower type has no room.
  enum Mode: Equatable, Sendable {
    /// To the nearest number, ties to even.
    case nearest
    /// Cut off.
    case truncated
    /// To the nearest number, and what is too small for a normal number to zero.
    case flushed
  }

  /// `float16` or `bfloat16`.
  let type: ElementType
  let mode: Mode

  /// Every way that loses digits of numbers stored as `type`, the usual ones first.
  static func all(below type: ElementType) -> [Rounding] {
    let all = [
      Rounding(type: .float16, mode: .nearest), Rounding(type: .bfloat16, mode: .nearest),
      Rounding(type: .bfloat16, mode: .truncated), Rounding(type: .float16, mode: .truncated),
      Rounding(type: .float16, mode: .flushed),
    ]
    return all.filter { $0.type != type }
  }

  /// What is left of a number.
  func apply(_ value: Double) -> Double {
    guard value.isFinite else { return value }
    switch (type, mode) {
    case (.bfloat16, .truncated):
      return Double(Float(bitPattern: Float(value).bitPattern & 0xFFFF_0000))
    case (.bfloat16, _): return Double(BFloat16(Float(value)).float)
    case (_, .truncated):
      let nearest = Float16(value)
      let isLarger = abs(Double(nearest)) > abs(value)
      return Double(isLarger ? Float16(bitPattern: nearest.bitPattern &- 1) : nearest)
    case (_, .flushed):
      return abs(value) < Double(Float16.leastNormalMagnitude) ? 0 : Double(Float16(value))
    case (_, .nearest): return Double(Float16(value))
    }
  }

  /// How messages put it.
  var words: String {
    switch mode {
    case .nearest: "rounded to \(type.name)"
    case .truncated: "truncated to \(type.name) instead of rounded"
    case .flushed: "rounded to \(type.name) with its smallest numbers set to zero"
    }
  }
}

extension ElementType {
  /// The number that a number stored as this type becomes when its bytes are reversed.
  fileprivate func byteSwapped(_ value: Double) -> Double {
    let type = isFloatingPoint ? self : .float32
    return type.number(ofBits: type.bits(of: value).byteSwapped >> UInt64(64 - 8 * type.size))
  }
}
