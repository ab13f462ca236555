internal import Albert

extension StepSearch {
  /// An order of heads that recorded probabilities show.
  func headOrder(_ present: Double, _ sequences: [Int]) -> Explanation? {
    guard case .attentions = step.target,
      let computed = runner.values(trial, step.target, from: step.start, sequences)?.values,
      let order = scope.recordedHeadOrder(
        computed, sequences, allowed: 2 * allowed(.reference) + 1e-6)
    else { return nil }
    let size = trial.config.headSize
    let features = order.flatMap { head in (0..<size).map { head * size + $0 } }
    let words = "with heads in the order \(order.map(String.init).joined(separator: ", "))"
    let candidates = scope.headOrders(features, words).enumerated().map { index, hypothesis in
      var ranked = hypothesis
      ranked.rank = index
      return ranked
    }
    // The query and the key show here; the value shows in the hidden state that follows.
    let steps = Step.all(recording, trial)
    let next = steps.first { other in
      other.target.layersBefore(trial.config) != nil
        && other.layers.contains(step.layers.upperBound - 1)
    }
    func error(_ hypothesis: Hypothesis) -> Double {
      let changed = hypothesis(trial)
      let all = [step] + (next.map { [$0] } ?? [])
      return all.reduce(0) { sum, step in
        sum + (runner.residual(changed, step, sequences, .reference)?.norm ?? .infinity)
      }
    }
    let sorted = candidates.map { Candidate(hypothesis: $0, error: error($0)) }
      .enumerated().sorted { ($0.element.error, $0.offset) < ($1.element.error, $1.offset) }
      .map(\.element)
    return sorted.first.flatMap { accept([$0.hypothesis]) }
  }
}
