/// A magnitude as a bar on a log scale from 1e-16 to 1, with a mark where it should end at most.
struct LogBar {
  let value: Double
  let allowed: Double
  /// Columns of the bar.
  let width: Int

  /// The bar as characters.
  var text: String {
    let end = Int((LogScale.errors.position(value) * Double(width)).rounded())
    let mark = min(width - 1, Int((LogScale.errors.position(allowed) * Double(width)).rounded()))
    return (0..<max(end, mark + 1)).map { column in
      column == mark ? "|" : column < end ? "█" : "·"
    }.joined()
  }

  /// What stands over bars of `width` columns.
  static func scale(width: Int) -> String {
    "1e-16" + String(repeating: " ", count: max(1, width - 6)) + "1"
  }
}
