package import AlbertBytes
internal import AlbertVerification

extension VerifyReport {
  /// The result as JUnit's XML: a case for each check, parameter, stage and output of the graph.
  package var junit: String {
    JUnitReport(
      command: "verify", subject: result.subject,
      cases: checkCases + weightCases + stageCases + graphCases
    ).text
  }

  /// The report of a verification that could not be made.
  package static func junit(_ error: FileError, subject: String) -> String {
    JUnitReport(
      command: "verify", subject: subject,
      cases: [
        JUnitReport.Case(suite: "checks", name: "inputs", outcome: .error(error.text(\.option)))
      ]
    ).text
  }

  private var checkCases: [JUnitReport.Case] {
    let known = result.diagnosis.map { "\($0.code.rawValue): \($0.sentence(\.option))" }
    let reasons = known.isEmpty && !result.passes ? result.unexplained(\.option) : known
    return result.checks.map { check in
      let message = ([sentence(check)] + reasons).joined(separator: "\n")
      return JUnitReport.Case(
        suite: "checks", name: check.name.rawValue, outcome: Self.outcome(check.outcome, message))
    }
  }

  private var weightCases: [JUnitReport.Case] {
    result.weights.map { weight in
      let message =
        weight.problem
        ?? "max abs \(Numbers.scientific(weight.maxAbs)), rel L2 \(Numbers.scientific(weight.relL2))"
      return JUnitReport.Case(
        suite: "weights", name: weight.parameter.name,
        outcome: Self.outcome(weight.outcome, message))
    }
  }

  private var stageCases: [JUnitReport.Case] {
    result.stages.map { stage in
      JUnitReport.Case(
        suite: stage.side == .golden ? "golden" : "forward",
        name: "\(stage.stage.name) (\(stage.engine.rawValue)"
          + (stage.probe > 0 ? ", input \(stage.probe + 1))" : ")"),
        outcome: Self.outcome(stage.outcome, Self.story(stage)))
    }
  }

  private var graphCases: [JUnitReport.Case] {
    guard let graph = result.graph else { return [] }
    return graph.outputs.map { output in
      let size = output.error.map { "off by \(Numbers.scientific($0.real.maxAbs))" } ?? ""
      return JUnitReport.Case(
        suite: "graph", name: output.name,
        outcome: Self.outcome(output.outcome, output.problem ?? size))
    }
  }

  private static func outcome(_ outcome: Outcome, _ message: String) -> JUnitReport.Outcome {
    switch outcome {
    case .pass: .pass
    case .fail: .failure(message)
    case .notProduced: .skipped(message)
    }
  }
}
