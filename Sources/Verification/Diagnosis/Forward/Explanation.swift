internal import Albert

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Hypotheses that make a step come out as it was recorded, and what that was measured by.
struct Explanation {
  /// One hypothesis and the share of the error that vanishes with it.
  struct Part {
    var hypothesis: Hypothesis
    let share: Double
  }

  /// One hypothesis, or two at once.
  let parts: [Part]
  /// The subject with them applied.
  let trial: Trial
  /// Whether nothing more can be said of the step, since the hypothesis cannot be computed.
  var endsStep = false

  /// For the result, with the stage at which the share was measured.
  func diagnoses(_ step: Step) -> [Diagnosis] {
    parts.map { part in
      Diagnosis(
        part.hypothesis.code, parameter: part.hypothesis.parameter?.name,
        otherParameter: part.hypothesis.otherParameter?.name,
        message: part.hypothesis.message + " (seen at \(step.target))",
        explains: min(1, max(0, part.share)))
    }
  }
}

/// When a smaller error is no accident.
enum Evidence {
  /// The share of an error that may remain beyond what rounding explains.
  static let remainder = 0.05
  /// The probability that any of the hypotheses tried fits by accident.
  private static let accident = 1e-4

  /// Whether an error of `count` numbers that shrinks from `before` to `after` under one of `tried`
  /// hypotheses decides for it.
  ///
  /// An accident that leaves a share r of the error in each of n independent directions has
  /// probability r^n. Activations are correlated, so that no more than 24 directions are counted.
  static func decides(
    before: Double, after: Double, isExplained: Bool, count: Int, tried: Int
  ) -> Bool {
    guard after.isFinite else { return false }
    guard before.isFinite else { return isExplained }
    guard after > 0 else { return true }
    let ratio = after / before
    guard ratio <= (isExplained ? 0.3 : remainder) else { return false }
    return Double(min(count, 24)) * log(ratio) + log(Double(max(1, tried))) < log(accident)
  }
}
