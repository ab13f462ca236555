internal import Albert

extension StepSearch {
  /// A tensor times some factor, found by least squares (Gauss-Newton in one unknown).
  func scaled(_ present: Double, _ sequences: [Int]) -> Explanation? {
    guard present.isFinite, let entry = recording[step.target] else { return nil }
    let places = recording.realPlaces(entry, sequences)
    let recorded = recording.values(entry, sequences)
    let wanted = places.map { recorded[$0] }
    let sites = scope.scalable
    var best: (factor: Double, site: [Parameter], error: Double)?
    for site in sites {
      guard let fit = fit(site, wanted, places, sequences, .fast, from: 1, rounds: 5),
        fit.error < best?.error ?? .infinity
      else { continue }
      best = (fit.factor, site, fit.error)
    }
    guard let best, best.error < 2 * Evidence.remainder * present + allowed(.fast),
      let exact = fit(
        best.site, wanted, places, sequences, .reference, from: best.factor, rounds: 3)
    else { return nil }
    let hypothesis = scope.scaled(best.site, by: exact.factor)
    guard let found = error(hypothesis(trial), sequences, .reference),
      Evidence.decides(
        before: present, after: found.error,
        isExplained: found.largest <= allowed(.reference), count: wanted.count - 1,
        tried: sites.count)
    else { return nil }
    return accept([hypothesis])
  }

  /// The factor that leaves least of the error, and the root mean square that it leaves.
  private func fit(
    _ site: [Parameter], _ wanted: [Double], _ places: [Int], _ sequences: [Int],
    _ engine: Engine, from start: Double, rounds: Int
  ) -> (factor: Double, error: Double)? {
    func residual(_ factor: Double) -> [Double]? {
      values(scope.scaled(site, by: factor)(trial), sequences, engine).flatMap { computed in
        computed.count > places.last ?? 0 ? zip(wanted, places).map { $0 - computed[$1] } : nil
      }
    }
    func meanSquare(_ values: [Double]) -> Double {
      (values.reduce(0) { $0 + $1 * $1 } / Double(max(1, values.count))).squareRoot()
    }
    var factor = start
    guard var rest = residual(factor) else { return nil }
    var error = meanSquare(rest)
    let step = engine == .fast ? 0.05 : 1e-4
    for _ in 0..<rounds {
      guard let ahead = residual(factor + step) else { return nil }
      // The derivative of the outputs by the factor.
      let slope = zip(rest, ahead).map { ($0 - $1) / step }
      let square = slope.reduce(0) { $0 + $1 * $1 }
      guard square > 0, square.isFinite else { return nil }
      var change = zip(slope, rest).reduce(0) { $0 + $1.0 * $1.1 } / square
      // Halved until it helps: far from the solution the outputs are not linear in the factor.
      var next: (factor: Double, rest: [Double], error: Double)?
      for _ in 0..<3 where next == nil {
        let trialFactor = min(max(factor + change, -100), 100)
        guard let candidate = residual(trialFactor) else { return nil }
        let candidateError = meanSquare(candidate)
        if candidateError < error { next = (trialFactor, candidate, candidateError) }
        change /= 2
      }
      guard let next else { break }
      let gain = error - next.error
      (factor, rest, error) = next
      if gain < 1e-3 * error { break }
    }
    return (factor, error)
  }
}
