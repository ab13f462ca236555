/// A magnitude as a bar on a log scale from 1e-16 to 1, with a mark where it should end at most.
struct LogBar {
  let value: Double
  let allowed: Double
  /// Columns of the bar, two for each power of ten.
  static let width = 32

  init(_ value: Double, allowed: Double) {
    self.value = value
    self.allowed = allowed
  }

  /// The part of the scale below `value`, 0…1.
  static func position(_ value: Double) -> Double {
    guard value.isFinite else { return 1 }
    guard value > 0 else { return 0 }
    var exponent = 0.0
    var rest = value
    while rest < 1, exponent > -17 { (rest, exponent) = (rest * 10, exponent - 1) }
    // Linear between powers of ten is as fine as a column.
    return min(1, max(0, (exponent + (rest - 1) / 9 + 16) / 16))
  }

  /// The bar as characters.
  var text: String {
    let end = Int((Self.position(value) * Double(Self.width)).rounded())
    let mark = min(Self.width - 1, Int((Self.position(allowed) * Double(Self.width)).rounded()))
    return (0..<max(end, mark + 1)).map { column in
      column == mark ? "|" : column < end ? "█" : "·"
    }.joined()
  }
}
