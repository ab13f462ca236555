internal import AlbertGraphs

/// The numbers that people write, of which a graph holds the nearest Float32.
///
/// An exporter writes √2, √(2/π), 0.044715 or 1/√64 as Float32, which is off by up to 6e-8 of it: more
/// than all else that a run in Float64 does. There a single number that is the nearest Float32 to one
/// of these is taken as the number itself; a run that rounds takes it as it is stored.
package enum MeantNumber {
  /// Digits that somebody writes by hand; a Float32 has up to nine.
  private static let maxDigits = 6
  /// Widths of heads and models whose roots scale attention.
  private static let largestWidth = 1 << 14

  /// What `stored`, which is a Float32, was written for; the same number where nothing is known.
  package static func exact(_ stored: Double) -> Double {
    guard stored.isFinite, stored != 0, Double(Float(stored)) == stored else { return stored }
    let size = stored.magnitude
    guard Int(exactly: size) == nil else { return stored }
    let meant = decimal(size) ?? root(size)
    return meant.map { stored < 0 ? -$0 : $0 } ?? stored
  }

  /// A decimal of few digits.
  private static func decimal(_ size: Double) -> Double? {
    let text = "\(Float(size))"
    let mantissa = text.prefix { $0 != "e" }.filter(\.isNumber).drop { $0 == "0" }
    return mantissa.count <= maxDigits ? Double(text) : nil
  }

  /// The root of a small integer or of one over it, alone or times 2/π or π/2.
  private static func root(_ size: Double) -> Double? {
    for factor in [1, 2 / Double.pi, Double.pi / 2] {
      let ratio = size * size / factor
      for (integer, isBelow) in [(ratio.rounded(), false), ((1 / ratio).rounded(), true)] {
        guard integer >= 1, integer <= Double(largestWidth) else { continue }
        let candidate = (isBelow ? factor / integer : integer * factor).squareRoot()
        if Double(Float(candidate)) == size { return candidate }
      }
    }
    return nil
  }
}

extension GraphValue {
  /// The value with its only number as it was meant; any other value as it is.
  func meant() -> GraphValue {
    guard type == .float32, count == 1, case .numbers(let values) = storage else { return self }
    return GraphValue([MeantNumber.exact(values[0])], type, shape)
  }
}
