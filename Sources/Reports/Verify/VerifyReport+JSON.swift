internal import AlbertDiagnosis
package import AlbertJSON
internal import AlbertVerification

extension VerifyReport {
  /// The document that `--json` prints.
  package var json: JSONValue { JSONReport.document(members) }

  /// The document's members, which a conversion's document holds too.
  package var members: [JSONMember] {
    [
      JSONMember("result", .string(result.passes ? "pass" : "fail")),
      JSONMember("subject", .string(result.subject)),
      JSONMember("reference", .optional(result.reference)),
      JSONMember("golden", .optional(result.golden)),
      JSONMember(
        "checks",
        .array(
          result.checks.map {
            .object([
              JSONMember("name", .string($0.name.rawValue)),
              JSONMember("result", .string($0.outcome.rawValue)),
              JSONMember("message", .string(sentence($0))),
            ])
          })),
      JSONMember("one_pass", .bool(result.sharesPass)),
      JSONMember("texts", result.texts.map(Self.json) ?? .null),
      JSONMember("weights", .array(result.weights.map(Self.json))),
      JSONMember("stages", .array(result.stages.map(Self.json))),
      JSONMember("first_divergence", .optional(result.firstDivergence?.stage.name)),
      JSONMember("graph", result.graph.map(Self.json) ?? .null),
      JSONMember("diagnosis", .array(result.diagnosis.map(Self.json))),
      JSONMember("findings", FindingReport.json(result.findings)),
    ]
  }

  private static func json(_ texts: TextSummary) -> JSONValue {
    .object([
      JSONMember("path", .string(texts.path)),
      JSONMember("lines", .count(texts.count)),
      JSONMember("cut", .count(texts.cut)),
      JSONMember("other_ids", .count(texts.otherIDs)),
    ])
  }

  private static func json(_ weight: WeightComparison) -> JSONValue {
    .object([
      JSONMember("parameter", .string(weight.parameter.name)),
      JSONMember("result", .string(weight.outcome.rawValue)),
      JSONMember("max_abs", .finite(weight.maxAbs)),
      JSONMember("bitwise_equal", .bool(weight.bitwiseEqual)),
      JSONMember("rel_l2", .finite(weight.relL2)),
      JSONMember("ulps", .finite(weight.ulps)),
      JSONMember("non_finite", .count(weight.nonFinite)),
      JSONMember("message", .optional(weight.problem)),
    ])
  }

  private static func json(_ stage: StageComparison) -> JSONValue {
    let real = stage.error?.real
    let padded = stage.error?.padded
    return .object([
      JSONMember("name", .string(stage.stage.name)),
      JSONMember("engine", .string(stage.engine.rawValue)),
      JSONMember("max_abs", real.map { .finite($0.maxAbs) } ?? .null),
      JSONMember("rel_l2", real.map { .finite($0.relL2) } ?? .null),
      JSONMember("non_finite", .count(nonFinite(stage))),
      JSONMember("tolerance", stage.error == nil ? .null : .finite(stage.tolerance)),
      JSONMember("result", .string(stage.outcome.rawValue)),
      JSONMember("compared_with", .string(stage.side.rawValue)),
      JSONMember("inputs", .count(stage.probe)),
      JSONMember("worst", worst(stage).map(json) ?? .null),
      JSONMember(
        "padding_max_abs",
        padded.flatMap { $0.count > 0 && stage.engine != .fast ? .finite($0.maxAbs) : nil }
          ?? .null),
      JSONMember("shapes", stage.shapes.map(json) ?? .null),
      JSONMember("message", .optional(stage.problem)),
    ])
  }

  private static func json(_ shapes: ShapeMismatch) -> JSONValue {
    .object([
      JSONMember("subject", .array(shapes.subject.map(JSONValue.count))),
      JSONMember("expected", .array(shapes.expected.map(JSONValue.count))),
    ])
  }

  private static func json(_ location: ElementLocation) -> JSONValue {
    let axes: [(String, Int?)] = [
      ("batch", location.batch), ("head", location.head), ("token", location.token),
      ("key", location.key), ("channel", location.channel),
    ]
    return .object(axes.compactMap { name, value in value.map { JSONMember(name, .count($0)) } })
  }

  private static func json(_ diagnosis: Diagnosis) -> JSONValue {
    .object([
      JSONMember("code", .string(diagnosis.code.rawValue)),
      JSONMember("parameter", .optional(diagnosis.parameter)),
      JSONMember("other_parameter", .optional(diagnosis.otherParameter)),
      JSONMember("message", .string(diagnosis.sentence(\.option))),
      JSONMember("explains", .finite(diagnosis.explains)),
    ])
  }
}
