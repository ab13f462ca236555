internal import Verification

extension VerifyReport {
  /// The result in words: the verdict, the explanation, the checks and a chart of the stages.
  public func lines(terminal: Terminal) -> [String] {
    var lines = [
      (result.passes ? terminal.styled("pass", .green) : terminal.styled("fail", .red))
        + "  \(result.subject)  against  \(sides)"
    ]
    lines += diagnosis(terminal)
    lines.append("")
    var table = TextTable([.left, .left, .left])
    for check in result.checks {
      table.add([check.name.rawValue, check.outcome.rawValue, sentence(check)])
    }
    lines += table.lines()
    let weights = differingWeights
    if !weights.isEmpty { lines += [""] + weights }
    if result.stages.contains(where: { $0.error != nil || $0.problem != nil }) {
      lines += [""] + chart(terminal)
    }
    return lines
  }

  private func diagnosis(_ terminal: Terminal) -> [String] {
    if result.passes { return [] }
    var lines = result.diagnosis.map { diagnosis in
      "  " + terminal.styled(diagnosis.code.rawValue, .bold) + "  \(diagnosis.message)"
        + " (explains \(Numbers.fixed(diagnosis.explains * 100, 0))%)"
    }
    if result.diagnosis.isEmpty, result.checks.contains(where: { $0.outcome == .fail }) {
      lines.append("  no known defect explains the difference")
    }
    if let first = result.firstDivergence {
      let place = first.error?.real.worst.map { ", worst at \($0)" } ?? ""
      let what =
        first.problem
        ?? first.error.map {
          $0.real.nonFinite > 0
            ? "\($0.real.nonFinite) values are no finite numbers\(place)"
            : "off by \(Numbers.scientific($0.real.maxAbs)), \(Numbers.scientific(first.tolerance)) allowed\(place)"
        } ?? ""
      lines.append("  first diverges at \(first.stage) (\(first.engine.rawValue)): \(what)")
    }
    return lines
  }

  private var differingWeights: [String] {
    let failed = result.weights.filter { $0.outcome == .fail }
    guard !failed.isEmpty else { return [] }
    let most = 12
    var table = TextTable(
      [.left, .right, .right, .right], titles: ["parameter", "max abs", "rel L2", "ulps"])
    for weight in failed.prefix(most) {
      table.add([
        weight.parameter.name, Numbers.scientific(weight.maxAbs),
        Numbers.scientific(weight.relL2), Numbers.scientific(weight.ulps),
      ])
    }
    return table.lines() + (failed.count > most ? ["  … and \(failed.count - most) more"] : [])
  }

  /// One line per stage and engine: the error, what is allowed, and a bar on a log scale.
  private func chart(_ terminal: Terminal) -> [String] {
    var table = TextTable(
      [.left, .left, .right, .right, .right, .left, .left],
      titles: [
        "stage", "engine", "max abs", "rel L2", "allowed", "", "1e-16        1e-8           1",
      ])
    for stage in result.stages {
      guard let error = stage.error else {
        table.add([
          stage.stage.name, stage.engine.rawValue, "", "", "",
          stage.outcome == .notProduced ? "not produced" : "fail", stage.problem ?? "",
        ])
        continue
      }
      table.add([
        stage.stage.name, stage.engine.rawValue,
        error.real.nonFinite > 0
          ? "\(error.real.nonFinite) NaN" : Numbers.scientific(error.real.maxAbs),
        Numbers.scientific(error.real.relL2), Numbers.scientific(stage.tolerance),
        stage.outcome == .pass ? "ok" : "FAIL",
        LogBar(error.real.maxAbs, allowed: stage.tolerance).text,
      ])
    }
    return table.lines(terminal: terminal)
  }
}
