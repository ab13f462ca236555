internal import AlbertVerification

extension VerifyReport {
  /// The size of a stage's error: a number, or how many values are not numbers.
  static func size(_ comparison: StageComparison) -> String {
    guard let error = comparison.error else { return "" }
    let broken = nonFinite(comparison)
    return broken > 0 ? "\(broken) NaN/Inf" : Numbers.scientific(error.real.maxAbs)
  }

  /// What a stage may be off by; nothing bounds it where only the cost of a conversion is measured.
  static func allowed(_ comparison: StageComparison) -> String {
    comparison.tolerance.isFinite ? Numbers.scientific(comparison.tolerance) : "any"
  }

  /// Values of a stage that are not finite numbers, padding included.
  static func nonFinite(_ comparison: StageComparison) -> Int {
    comparison.error.map { $0.real.nonFinite + $0.padded.nonFinite } ?? 0
  }

  /// How far a stage is off at padded positions, which the fast engine does not compute; nil where there are
  /// none.
  static func padding(_ comparison: StageComparison) -> StageError.Part? {
    comparison.error.flatMap {
      $0.padded.count > 0 && comparison.engine == .reference ? $0.padded : nil
    }
  }

  /// Where a stage is worst, in real tokens where one of them is at fault.
  static func worst(_ comparison: StageComparison) -> ElementLocation? {
    guard let error = comparison.error else { return nil }
    let isPadding = error.real.nonFinite == 0 && nonFinite(comparison) > 0
    return isPadding ? error.padded.worst : error.real.worst
  }

  /// What is to be said of one stage: `off by 3.1e-07, 1.0e-05 allowed, worst at batch 0, …`.
  static func story(_ comparison: StageComparison) -> String {
    if let problem = comparison.problem { return problem }
    guard comparison.error != nil else { return "the subject does not have it" }
    let place = worst(comparison).map { ", worst at \($0)" } ?? ""
    let broken = nonFinite(comparison)
    if broken > 0 { return Numbers.notFinite(broken) + place }
    return "off by \(size(comparison)), \(allowed(comparison)) allowed\(place)"
  }

  /// Why the verification fails where no diagnosis says so; nil where it passes.
  var divergence: String? {
    result.firstDivergence.map {
      "first diverges at \($0.stage) (\($0.engine.rawValue)): \(Self.story($0))\(line($0))"
    }
  }

  /// The line of text in which a stage is worst, where it was computed of such.
  private func line(_ comparison: StageComparison) -> String {
    guard let lines = result.texts?.lines, comparison.side == .reference,
      lines.indices.contains(comparison.probe), let row = Self.worst(comparison)?.batch,
      lines[comparison.probe].indices.contains(row)
    else { return "" }
    return ", in line \(lines[comparison.probe][row])"
  }
}
