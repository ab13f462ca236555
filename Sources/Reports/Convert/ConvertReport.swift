package import AlbertArchitecture
internal import AlbertBytes
internal import AlbertConversion
internal import AlbertReading
package import AlbertExporters
package import AlbertJSON
internal import AlbertVerification

/// What `albert convert` did, or with `--dry-run` would do, as text and as JSON.
package final class ConvertReport: Sendable {
  /// The plan.
  package let export: ExportPlan
  /// What its execution did; nil for a dry run.
  package let outcome: ExportOutcome?
  /// Everything that was noticed.
  package let findings: [Finding]
  /// How long it took; nil for a dry run.
  package let duration: Duration?

  package init(_ export: ExportPlan, outcome: ExportOutcome? = nil, duration: Duration? = nil) {
    self.export = export
    self.outcome = outcome
    self.duration = duration
    findings =
      export.conversion.inspection.findings + (outcome?.findings ?? export.ownFindings)
  }

  var plan: ConversionPlan { export.conversion }
  private var byteCount: Int { outcome?.byteCount ?? export.tensorByteCount }
  private var verification: VerifyReport? { outcome?.verification.map { VerifyReport($0) } }

  private var ignored: [TensorAssignment] {
    plan.inspection.assignments.filter {
      switch $0.purpose {
      case .parameter, .copy: false
      case .buffer, .training, .surrounding, .unexpected: true
      }
    }
  }

  /// The result in words, with what the closing verification found.
  package func lines(terminal: Terminal) -> [String] {
    let inspection = plan.inspection
    let count = ParameterCount(plan.config, plan.contents).total
    var lines = [
      "\(verb)  \(Terminal.shown(inspection.path.string))",
      "  from    \(inspection.candidate.upstream.title) (\(inspection.format))",
      "  to      \(Terminal.shown(export.output.string)) "
        + "(\(export.format.name), \(Numbers.bytes(byteCount)))",
      "  holds   \(Numbers.grouped(count)) parameters in \(plan.tensors.count) tensors",
    ]
    lines += leftOut.map { "  without \($0)" }
    lines += plan.model.changes.map { "  changed \(Terminal.shown($0.message))" }
    if !madeUp.isEmpty { lines.append("  made up \(madeUp.joined(separator: ", "))") }
    lines += checks.map { "  checked \(Terminal.shown($0))" }
    if let duration { lines.append("  took    \(Self.seconds(duration))") }
    if let loss = outcome?.loss { lines += loss.lines(terminal: terminal) }
    return lines
  }

  /// What the closing verification checked; of a lossy output the tables below say the rest.
  private var checks: [String] {
    guard outcome?.loss != nil, outcome?.succeeded == true else {
      return verification?.summary ?? []
    }
    return ["what was written is what the source's numbers become in \(export.format.title)"]
  }

  private var verb: String {
    guard let outcome else { return "would convert" }
    return outcome.succeeded ? "converted" : "not converted"
  }

  /// Parameters that the source does not have.
  private var madeUp: [String] {
    plan.tensors.filter { $0.origin == .initialized }.map(\.spec.name)
  }

  private var leftOut: [String] {
    func count(_ purpose: TensorAssignment.Purpose) -> Int {
      plan.inspection.assignments.count { $0.purpose == purpose }
    }
    let training = count(.training)
    let surrounding = count(.surrounding)
    let buffers = plan.inspection.assignments.count {
      if case .buffer = $0.purpose { true } else { false }
    }
    let dropped = plan.dropped.map(\.name)
    return [
      dropped.isEmpty ? nil : dropped.joined(separator: ", "),
      training > 0 ? Numbers.count(training, "tensor") + " of training state" : nil,
      surrounding > 0
        ? Numbers.count(surrounding, "tensor") + " of the larger model around it" : nil,
      buffers > 0 ? Numbers.count(buffers, "buffer") + " that the code computes" : nil,
    ].compactMap { $0 }
  }

  static func seconds(_ duration: Duration) -> String {
    Numbers.fixed(duration.seconds, 2) + " s"
  }

  /// The document that `--json` prints.
  package var json: JSONValue {
    let inspection = plan.inspection
    var members: JSONValue = [
      "result": .string(outcome?.succeeded ?? true ? "ok" : "failed"),
      "source": .string(inspection.path.string),
      "source_format": .string(inspection.format),
      "upstream": .string(inspection.upstream),
      "output": [
        "path": .string(export.output.string),
        "bytes": .count(byteCount),
        "format": .string(export.format.name),
      ],
      "tensors": [
        "mapped": .count(plan.tensors.count),
        "ignored": .count(ignored.count),
        // A plan with any of these is refused, so a conversion that was done has none.
        "missing": .count(0), "unexpected": .count(0),
      ],
      "changed": .array(of: plan.model.changes) {
        ["code": .string($0.code), "message": .string($0.message)]
      },
      "initialized": .array(madeUp.map { .string($0) }),
      "findings": FindingReport.json(findings),
    ]
    if outcome == nil { members = members.adding(["plan": planned]) }
    if let outcome, let duration {
      members = members.adding([
        "loss": outcome.loss?.json ?? .null,
        "verification": verification?.members ?? .null,
        "seconds": .number(duration.seconds),
      ])
    }
    return JSONReport.document(members)
  }

  /// What a verification that failed found, for standard error.
  package func complaints(terminal: Terminal) -> [String] {
    guard let outcome, !outcome.succeeded else { return [] }
    return (verification?.lines(terminal: terminal) ?? [])
      + ["The output was not written; the source is as it was."]
  }
}

extension Duration {
  package var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
