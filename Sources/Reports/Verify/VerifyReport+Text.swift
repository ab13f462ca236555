internal import AlbertVerification

extension VerifyReport {
  /// The result in words: the verdict, the explanation, the checks and a chart of the stages.
  package func lines(terminal: Terminal) -> [String] {
    var lines = [
      (result.passes ? terminal.styled("pass", .green) : terminal.styled("fail", .red))
        + Terminal.shown("  \(result.subject)  against  \(sides)")
    ]
    lines += diagnosis(terminal)
    lines.append("")
    let widths = result.checks.map(\.name.rawValue.count).max() ?? 0
    for check in result.checks {
      let name = check.name.rawValue
      let head = "  \(name)" + String(repeating: " ", count: widths - name.count)
      lines += terminal.wrapped(
        "\(head)  \(check.outcome.rawValue)  \(Terminal.shown(sentence(check)))",
        indentation: widths + 10)
    }
    let weights = differingWeights
    if !weights.isEmpty { lines += [""] + weights }
    for (side, title) in comparedSides {
      let stages = result.stages.filter { $0.side == side }
      guard stages.contains(where: { $0.error != nil || $0.problem != nil }) else { continue }
      let heading = comparedSides.count > 1 ? ["  against \(Terminal.shown(title))"] : []
      lines += [""] + heading + chart(stages, terminal)
    }
    return lines
  }

  private func diagnosis(_ terminal: Terminal) -> [String] {
    if result.passes { return [] }
    var lines = result.diagnosis.flatMap { diagnosis in
      var lines = terminal.wrapped(
        "  \(diagnosis.code.rawValue)  \(Terminal.shown(diagnosis.sentence(\.option)))"
          + " (explains \(Numbers.fixed(diagnosis.explains * 100, 0))%)", indentation: 4)
      lines[0] =
        "  " + terminal.styled(diagnosis.code.rawValue, .bold)
        + lines[0].dropFirst(2 + diagnosis.code.rawValue.count)
      return lines
    }
    if result.diagnosis.isEmpty, result.checks.contains(where: { $0.outcome == .fail }) {
      lines += result.unexplained(\.option).flatMap {
        terminal.wrapped("  " + Terminal.shown($0), indentation: 4)
      }
    }
    for sentence in [divergence, graphDivergence].compactMap(\.self) {
      lines += terminal.wrapped("  " + Terminal.shown(sentence), indentation: 4)
    }
    return lines
  }

  /// Parameters that differ, each under its name: names alone may fill a line.
  private var differingWeights: [String] {
    let failed = weightsByDifference.filter { $0.outcome == .fail }
    let most = 12
    var lines = failed.prefix(most).flatMap { weight in
      let numbers =
        weight.problem
        ?? "max abs \(Numbers.scientific(weight.maxAbs))  rel L2 \(Numbers.scientific(weight.relL2))"
        + "  ulps \(Numbers.compact(weight.ulps))"
        + (weight.nonFinite > 0 ? "  \(weight.nonFinite) NaN/Inf" : "")
      return ["  \(weight.parameter.name)", "      \(numbers)"]
    }
    if failed.count > most { lines.append("  … and \(failed.count - most) more") }
    return lines
  }

  /// One line per stage and engine: the error, what is allowed, and a bar on a log scale.
  private func chart(_ stages: [StageComparison], _ terminal: Terminal) -> [String] {
    let compared = stages.filter { $0.shapes == nil }
    let columns: [TextTable.Column] = [.name, .left, .right, .right, .left, .bar]
    func table(bar: Int) -> TextTable {
      var table = TextTable(
        columns,
        titles: ["stage", "engine", "max abs", "allowed", "", LogBar.scale(width: bar)])
      for stage in compared {
        guard let error = stage.error else {
          table.add([
            stage.stage.name, stage.engine.rawValue, "", "",
            stage.outcome == .notProduced ? "none" : "FAIL", "",
          ])
          continue
        }
        table.add([
          stage.stage.name, stage.engine.rawValue, Self.size(stage),
          Self.allowed(stage), stage.outcome == .pass ? "ok" : "FAIL",
          LogBar(value: error.real.maxAbs, allowed: stage.tolerance, width: bar).text,
        ])
      }
      return table
    }
    // The bars take what the other columns leave.
    let narrow = table(bar: 0).lines().map(Columns.count).max() ?? 0
    let bar = min(32, max(12, terminal.width - narrow + LogBar.scale(width: 0).count))
    return (compared.isEmpty ? [] : table(bar: bar).lines(terminal: terminal))
      + shapes(stages, terminal) + problems(stages, terminal)
  }

  /// Stages of which the two sides have different shapes, whichever engine.
  private func shapes(_ stages: [StageComparison], _ terminal: Terminal) -> [String] {
    var table = TextTable(
      [.name, .left, .left, .left], titles: ["stage", "subject's shape", "expected", ""])
    var shown: Set<String> = []
    for stage in stages {
      guard let shapes = stage.shapes, shown.insert(stage.stage.name).inserted else { continue }
      table.add([
        stage.stage.name, shapes.subject.description, shapes.expected.description, "FAIL",
      ])
    }
    return shown.isEmpty ? [] : table.lines(terminal: terminal)
  }

  /// Why other stages were not compared, once for the engines of which it is said alike.
  private func problems(_ stages: [StageComparison], _ terminal: Terminal) -> [String] {
    var said: [(stage: String, problem: String)] = []
    for stage in stages where stage.shapes == nil {
      guard let problem = stage.problem else { continue }
      let isSaid = said.contains { $0.stage == stage.stage.name && $0.problem == problem }
      if !isSaid { said.append((stage.stage.name, problem)) }
    }
    return said.flatMap { terminal.wrapped("  \($0.stage): \($0.problem)", indentation: 4) }
  }
}
