internal import AlbertArchitecture

/// How many multiplications a diagnosis may still make, so that it ends in good time on any model.
///
/// It counts work instead of time: the same files give the same diagnosis on every machine. What
/// trying costs and what measuring and confirming costs are kept apart, so that neither is left
/// without.
final class SearchBudget {
  /// What a forward pass is for.
  enum Purpose {
    /// Trying a candidate.
    case search
    /// Measuring what is wrong, or what was found.
    case confirmation
  }

  /// Multiplications in Float32 that are left.
  private(set) var left: Double
  /// The same for measuring and confirming.
  private(set) var reserve: Double
  /// Whether anything was left undone for want of either.
  private(set) var isSpent = false

  init(_ multiplications: Double, reserve: Double = 0) {
    left = multiplications
    self.reserve = reserve
  }

  /// Takes the cost of one pass; false where it exceeds what is left.
  func spend(_ multiplications: Double, _ engine: Engine, for purpose: Purpose = .search) -> Bool {
    let cost = engine == .reference ? Policy.referenceCost * multiplications : multiplications
    guard cost <= (purpose == .search ? left : reserve) else {
      isSpent = true
      return false
    }
    switch purpose {
    case .search: left -= cost
    case .confirmation: reserve -= cost
    }
    return true
  }
}
