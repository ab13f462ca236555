internal import Tensors

/// A way through a narrower type and back.
struct Rounding: Equatable {
  /// What happens to digits for which the narrower type has no room.
  enum Mode: Equatable {
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

  /// Every way that loses digits of numbers stored as `type`.
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
