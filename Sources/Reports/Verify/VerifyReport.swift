internal import AlbertArchitecture
internal import AlbertDiagnosis
package import AlbertVerification

/// What `albert verify` found, as text, as JSON and as a page.
package final class VerifyReport: Sendable {
  package let result: VerificationResult
  /// What pages say of the models, the subject first.
  let cards: [ModelCard]

  /// Renders a result; pages show the models too, where there are cards of them.
  package init(_ result: VerificationResult, cards: [ModelCard] = []) {
    self.result = result
    self.cards = cards
  }

  /// One short line for each check that was made.
  var summary: [String] { result.checks.map(brief) }

  /// What the subject was held against, in a few words.
  var sides: String {
    [result.reference, result.golden].compactMap(\.self).joined(separator: " and ")
  }

  /// The sides that stages were compared with, and their paths.
  var comparedSides: [(side: Side, path: String)] {
    [result.reference.map { (.reference, $0) }, result.golden.map { (.golden, $0) }]
      .compactMap(\.self)
  }

  /// The parameters: those that differ first, then those that are rounded, each in order of use.
  var weightsByDifference: [WeightComparison] {
    let failed = result.weights.filter { $0.outcome == .fail }
    let others = result.weights.filter { $0.outcome != .fail }
    return failed + others.filter { !$0.bitwiseEqual } + others.filter(\.bitwiseEqual)
  }

  /// The check's sentence, such as `weights  25 parameters, all bitwise equal`.
  func sentence(_ check: Check) -> String {
    brief(check)
      + (check.name == .forward && result.sharesPass
        ? "; both sides hold the same values: one pass of the reference engine serves both" : "")
  }

  /// The same without what was saved.
  private func brief(_ check: Check) -> String {
    switch check.name {
    case .coverage: coverage
    case .weights: weights
    case .forward: stages(.reference) + texts
    case .golden: stages(.golden)
    case .graph: graph
    }
  }

  private var coverage: String {
    let alone = result.findings.filter {
      [CoverageCheck.onlyInSubject, CoverageCheck.onlyInReference].contains($0.code)
    }
    return "\(result.weights.count) parameters on both sides"
      + (alone.isEmpty ? "" : "; " + alone.map(\.message).joined(separator: "; "))
  }

  /// Of what texts the stages are, where there were any.
  private var texts: String {
    guard let texts = result.texts else { return "" }
    return ", on \(Numbers.count(texts.count, "line")) of \(texts.path)"
      + (texts.otherIDs > 0 ? ", \(texts.otherIDs) of other ids" : "")
  }

  private var weights: String {
    let all = result.weights
    let equal = all.count(where: \.bitwiseEqual)
    if equal == all.count { return "all \(all.count) parameters are bitwise equal" }
    let failed = all.filter { $0.outcome == .fail }
    let reshaped = failed.count { $0.problem != nil }
    let largest = all.filter { $0.problem == nil && !$0.bitwiseEqual }.map(\.maxAbs).max()
    let notes =
      (reshaped > 0 ? ["\(reshaped == failed.count ? "all" : "\(reshaped)") of another shape"] : [])
      + (largest.map { ["max \(Numbers.scientific($0))"] } ?? [])
    return
      (failed.isEmpty
      ? "\(equal) of \(all.count) parameters are bitwise equal, the others within rounding"
      : "\(failed.count) of \(all.count) parameters differ") + " (\(notes.joined(separator: ", ")))"
  }

  /// What a run of the graph showed.
  private var graph: String {
    guard let graph = result.graph else { return "" }
    if let problem = graph.problem { return problem }
    let compared = graph.outputs.filter { $0.outcome != .notProduced }
    let failed = compared.count { $0.outcome == .fail }
    let largest = compared.largestError
    let verdict = failed == 0 ? "all within tolerance" : "\(failed) fail"
    return "\(Numbers.count(graph.nodes, "node")) ran; \(Numbers.count(compared.count, "output")), "
      + "\(verdict)" + (largest.map { " (max \(Numbers.scientific($0)))" } ?? "")
      + (graph.sought == 0
        ? ""
        : "; \(graph.found.count) of \(Numbers.count(graph.sought, "stage")) found among its values")
      + (graph.roundings.map { "; \(RoundingReport.sentence($0))" } ?? "")
      + (graph.unrounded.flatMap(UnroundedReport.sentence).map { "; \($0)" } ?? "")
  }

  private func stages(_ side: Side) -> String {
    let all = result.stages.filter { $0.side == side && $0.outcome != .notProduced }
    let failed = all.filter { $0.outcome == .fail }
    let engines = Engine.allCases.compactMap { engine -> String? in
      let errors = all.filter { $0.engine == engine }.compactMap { $0.error?.real.maxAbs }
      return errors.max().map { "\(engine.rawValue) max \(Numbers.scientific($0))" }
    }
    let stages = Set(all.map(\.stage)).count
    let verdict =
      failed.isEmpty ? "all within tolerance" : "\(Set(failed.map(\.stage)).count) fail"
    let misshapen = Set(all.filter { $0.shapes != nil }.map(\.stage)).count
    let shapes = misshapen == 0 ? [] : ["\(misshapen) of another shape"]
    return "\(Numbers.count(stages, "stage")), \(verdict)"
      + " (\((shapes + engines).joined(separator: ", ")))"
  }
}
