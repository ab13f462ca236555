/// How many multiplications a diagnosis may still make, so that it ends in good time on any model.
///
/// It counts work instead of time: the same files give the same diagnosis on every machine.
final class SearchBudget {
  /// Multiplications in Float32 that are left.
  private(set) var left: Double
  /// Whether anything was left undone for want of it.
  private(set) var isSpent = false

  init(_ multiplications: Double) { left = multiplications }

  /// Takes the cost of one run; false where it exceeds what is left.
  func spend(_ multiplications: Double, _ engine: Engine) -> Bool {
    let cost = engine == .reference ? 8 * multiplications : multiplications
    guard cost <= left else {
      isSpent = true
      return false
    }
    left -= cost
    return true
  }
}
