public import Albert
internal import Bytes
public import Conversion
public import JSON

/// What `albert convert` did, or with `--dry-run` would do, as text and as JSON.
public struct ConvertReport: Sendable {
  /// The plan.
  public let plan: ConversionPlan
  /// The output's path as the user gave it.
  public let output: String
  /// The output's format, by the word of `--to`.
  public let format: String
  /// The output's size.
  public let byteCount: Int
  /// Everything that was noticed.
  public let findings: [Finding]
  /// How long it took; nil for a dry run.
  public let duration: Duration?

  /// States the result.
  public init(
    plan: ConversionPlan, output: String, format: String, byteCount: Int, findings: [Finding],
    duration: Duration?
  ) {
    self.plan = plan
    self.output = output
    self.format = format
    self.byteCount = byteCount
    self.findings = findings
    self.duration = duration
  }

  private var ignored: [TensorAssignment] {
    plan.inspection.assignments.filter {
      switch $0.purpose {
      case .parameter, .copy: false
      case .buffer, .training, .surrounding, .unexpected: true
      }
    }
  }

  /// The result in words, with what the closing verification found.
  public func lines(terminal: Terminal, verification: VerifyReport?) -> [String] {
    let inspection = plan.inspection
    let count = ParameterCount(plan.config, plan.contents).total
    var lines = [
      "\(verb(verification))  \(inspection.path)",
      "  from    \(inspection.candidate.upstream.title) (\(inspection.format))",
      "  to      \(output) (\(format), \(Numbers.bytes(byteCount)))",
      "  holds   \(Numbers.grouped(count)) parameters in \(plan.tensors.count) tensors",
    ]
    lines += leftOut.map { "  without \($0)" }
    lines += verification?.summary.map { "  checked \($0)" } ?? []
    if let duration { lines.append("  took    \(Self.seconds(duration))") }
    return lines
  }

  private func verb(_ verification: VerifyReport?) -> String {
    if duration == nil { return "would convert" }
    return verification?.result.passes == false ? "not converted" : "converted"
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
    return [
      training > 0 ? Numbers.count(training, "tensor") + " of training state" : nil,
      surrounding > 0
        ? Numbers.count(surrounding, "tensor") + " of the larger model around it" : nil,
      buffers > 0 ? Numbers.count(buffers, "buffer") + " that the code computes" : nil,
    ].compactMap { $0 }
  }

  static func seconds(_ duration: Duration) -> String {
    Numbers.fixed(duration.seconds, 2) + " s"
  }

  /// The document that `--json` prints, without the verification's part.
  public func members(succeeded: Bool) -> [JSONMember] {
    let inspection = plan.inspection
    var members: [JSONMember] = [
      JSONMember("result", .string(succeeded ? "ok" : "failed")),
      JSONMember("source", .string(inspection.path.string)),
      JSONMember("source_format", .string(inspection.format)),
      JSONMember("upstream", .string(inspection.upstream)),
      JSONMember(
        "output",
        .object([
          JSONMember("path", .string(output)), JSONMember("bytes", .count(byteCount)),
          JSONMember("format", .string(format)),
        ])),
      JSONMember(
        "tensors",
        .object([
          JSONMember("mapped", .count(plan.tensors.count)),
          JSONMember("ignored", .count(ignored.count)),
          // A plan with any of these is refused, so a conversion that was done has none.
          JSONMember("missing", .count(0)), JSONMember("unexpected", .count(0)),
        ])),
      JSONMember("findings", FindingReport.json(findings)),
    ]
    if duration == nil { members.append(JSONMember("plan", planned)) }
    return members
  }

  private var planned: JSONValue {
    .array(
      plan.tensors.map { tensor in
        var source: JSONValue = .null
        var layout = "identity"
        if case .stored(let stored, let how) = tensor.origin {
          source = .string(stored.name)
          layout = how.rawValue
        }
        return .object([
          JSONMember("parameter", .string(tensor.spec.name)), JSONMember("source", source),
          JSONMember("layout", .string(layout)), JSONMember("dtype", .string(tensor.type.rawValue)),
          JSONMember("shape", .array(tensor.spec.shape.dimensions.map { .count($0) })),
        ])
      })
  }

  /// The plan as a table, for a dry run.
  public func planLines() -> [String] {
    var table = TextTable([.left, .left, .left], titles: ["parameter", "shape", "from"])
    for tensor in plan.tensors {
      var source = "the identity"
      if case .stored(let stored, let layout) = tensor.origin {
        source =
          Terminal.shown(stored.name) + (layout == .canonical ? "" : " (\(layout.rawValue))")
      }
      table.add([tensor.spec.name, tensor.spec.shape.description, source])
    }
    return table.lines()
  }
}

extension Duration {
  /// The duration in seconds.
  public var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
