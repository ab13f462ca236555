package import AlbertFleet
package import AlbertJSON

/// The conversions of a list, as text and as JSON.
package struct ConvertListReport: Sendable {
  private let folder: String
  private let outcomes: [JobRun.Outcome]

  /// Reports what became of the conversions into `folder`.
  package init(into folder: String, _ outcomes: [JobRun.Outcome]) {
    self.folder = folder
    self.outcomes = outcomes
  }

  /// Whether every output is there, and whole.
  package var succeeded: Bool { outcomes.allSatisfy { $0.result == .ok || $0.result == .there } }

  /// A line for each conversion, and how many ended in which way.
  package func lines(terminal: Terminal) -> [String] {
    let lines = outcomes.map { outcome in
      let style: Terminal.Style =
        switch outcome.result {
        case .ok: .green
        case .there: .dim
        case .failed, .error: .red
        }
      let word = outcome.result.rawValue
      let verdict = terminal.styled(word, style) + String(repeating: " ", count: 8 - word.count)
      let paths = "\(outcome.job.source.string)  ->  \(outcome.job.output)"
      return verdict + Terminal.shown(paths + (outcome.message.map { ": " + $0 } ?? ""))
    }
    let counts = JobRun.Result.allCases.map { result in
      "\(outcomes.count { $0.result == result }) \(result.rawValue)"
    }
    return lines + ["", "\(outcomes.count) conversions: \(counts.joined(separator: ", "))"]
  }

  /// The document that `--json` prints.
  package var json: JSONValue {
    JSONReport.document([
      "result": .string(succeeded ? "ok" : "failed"),
      "into": .string(folder),
      "jobs": .array(of: outcomes) { outcome in
        [
          "source": .string(outcome.job.source.string),
          "output": .string(outcome.job.output.string),
          "result": .string(outcome.result.rawValue),
          "message": .optional(outcome.message),
          "error": outcome.document["error"] ?? .null,
          "seconds": .finite(outcome.seconds),
        ]
      },
    ])
  }
}
