internal import Albert

extension StepSearch {
  /// Two hypotheses at once, where none explains the step alone.
  func pair(
    _ tried: [Candidate], _ hypotheses: [Hypothesis], _ present: Double, _ sequences: [Int]
  ) -> Explanation? {
    guard present.isFinite else { return nil }
    // One of the two takes some of the error away by itself.
    let first = tried.filter { $0.error < 0.97 * present }.prefix(8)
    var found: [(pair: [Hypothesis], error: Double)] = []
    for one in first {
      let changed = one.hypothesis(trial)
      let rest = hypotheses.filter {
        $0.rank != one.hypothesis.rank && !$0.contradicts(one.hypothesis)
      }
      let tried = screen(rest, changed, sequences)
      for candidate in plausible(tried, present).prefix(4) {
        let both = candidate.hypothesis(changed)
        guard let exact = error(both, sequences, .reference) else { continue }
        let numbers = before.map { $0.count / max(1, $0.rows.count) * sequences.count } ?? 24
        let decides = Evidence.decides(
          before: min(one.error, present), after: exact.error,
          isExplained: exact.largest <= allowed(.reference, both.config), count: numbers,
          tried: hypotheses.count * hypotheses.count)
        if decides { found.append(([one.hypothesis, candidate.hypothesis], exact.error)) }
      }
    }
    guard let least = found.map(\.error).min() else { return nil }
    let equal = found.filter { $0.error <= max(2 * least, allowed(.reference) / 8) }
    let sorted = equal.map { $0.pair.sorted { $0.rank < $1.rank } }
      .sorted { ($0[0].rank, $0[1].rank) < ($1[0].rank, $1[1].rank) }
    for choice in sorted {
      if let explanation = accept(choice) { return explanation }
    }
    return nil
  }
}

extension Hypothesis {
  /// Whether two hypotheses say different things of the same.
  fileprivate func contradicts(_ other: Hypothesis) -> Bool {
    guard code == other.code else { return false }
    switch code {
    case .activation, .layerNormEpsilon, .layerCount, .groupMap, .headCount, .positionOffset,
      .vocabularyRows, .precisionLoss, .sopLabelsFlipped, .maskIgnored, .segmentsIgnored:
      return true
    default:
      return parameter == other.parameter && otherParameter == other.otherParameter
    }
  }
}
