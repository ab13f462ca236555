package import AlbertBytes
internal import AlbertVerification

extension VerifyReport {
  /// The result in Markdown, as a pull request or a job shows it: the verdict and why, what failed, the
  /// rest folded.
  package var markdown: String {
    var parts = [
      ReportKind.markdown.mark,
      "### \(result.passes ? "✅ pass" : "❌ fail"): \(Markdown.code(result.subject))"
        + " against \(Markdown.code(sides))",
      Markdown.table(
        ["check", "result", "what was found"],
        result.checks.map {
          [$0.name.rawValue, Self.word($0.outcome), Markdown.escape(sentence($0))]
        }),
    ]
    let reasons = reasons
    if !reasons.isEmpty { parts.append(reasons.map { "- \($0)" }.joined(separator: "\n")) }
    let failed = result.weights.filter { $0.outcome == .fail }
    if !failed.isEmpty {
      parts.append(
        Self.cut(failed) { weights in
          Markdown.table(
            ["parameter", "max abs", "rel L2"],
            weights.map {
              [
                Markdown.code($0.parameter.name),
                $0.problem.map(Markdown.escape) ?? Numbers.scientific($0.maxAbs),
                $0.problem == nil ? Numbers.scientific($0.relL2) : "",
              ]
            })
        })
    }
    let stages = result.stages.filter { $0.error != nil || $0.problem != nil }
    if !stages.isEmpty {
      parts.append(
        Markdown.folded(
          Numbers.count(Set(stages.map(\.stage)).count, "stage"),
          Self.cut(stages.sorted { $0.outcome == .fail && $1.outcome != .fail }, self.table)))
    }
    let findings = result.findings.filter { $0.severity != .note }
    if !findings.isEmpty {
      parts.append(
        Self.cut(findings) { findings in
          findings.map { "- **\($0.severity.rawValue)** \(Markdown.escape($0.sentence(\.option)))" }
            .joined(separator: "\n")
        })
    }
    return parts.joined(separator: "\n\n") + "\n"
  }

  /// The report of a verification that could not be made.
  package static func markdown(_ error: FileError, subject: String) -> String {
    """
    \(ReportKind.markdown.mark)

    ### ⛔ \(Markdown.code(subject)) could not be verified

    \(Markdown.escape(error.text(\.option)))

    """
  }

  private var reasons: [String] {
    if result.passes { return [] }
    let known = result.diagnosis.map {
      "**\($0.code.rawValue)** \(Markdown.escape($0.sentence(\.option))) (explains "
        + "\(Numbers.fixed($0.explains * 100, 0))% of the error)"
    }
    return (known.isEmpty ? result.unexplained(\.option).map(Markdown.escape) : known)
      + [divergence, graphDivergence].compactMap(\.self).map(Markdown.escape)
  }

  private func table(_ stages: [StageComparison]) -> String {
    Markdown.table(
      ["stage", "engine", "result", "max abs", "allowed"],
      stages.map {
        [
          Markdown.code($0.stage.name), $0.engine.rawValue, Self.word($0.outcome),
          $0.error == nil ? Markdown.escape($0.problem ?? "") : Self.size($0),
          $0.error == nil ? "" : Self.allowed($0),
        ]
      })
  }

  /// A list of at most so many rows that a summary stays one.
  private static func cut<Row>(_ rows: [Row], _ list: ([Row]) -> String) -> String {
    let most = 40
    let more = rows.count - most
    return list(Array(rows.prefix(most))) + (more > 0 ? "\n\n… and \(more) more" : "")
  }

  private static func word(_ outcome: Outcome) -> String {
    switch outcome {
    case .pass: "pass"
    case .fail: "**fail**"
    case .notProduced: "not produced"
    }
  }
}
