internal import AlbertDiagnosis
package import AlbertJSON
internal import AlbertVerification

extension VerifyReport {
  /// The document that `--json` prints.
  package var json: JSONValue { JSONReport.document(members) }

  /// The document's members, which a conversion's document holds too.
  package var members: JSONValue {
    [
      "result": .string(result.passes ? "pass" : "fail"),
      "subject": .string(result.subject),
      "reference": .optional(result.reference),
      "golden": .optional(result.golden),
      "checks": .array(of: result.checks) {
        [
          "name": .string($0.name.rawValue), "result": .string($0.outcome.rawValue),
          "message": .string(sentence($0)),
        ]
      },
      "one_pass": .bool(result.sharesPass),
      "texts": result.texts.map(Self.json) ?? .null,
      "weights": .array(result.weights.map(Self.json)),
      "stages": .array(result.stages.map(Self.json)),
      "first_divergence": .optional(result.firstDivergence?.stage.name),
      "graph": result.graph.map(Self.json) ?? .null,
      "diagnosis": .array(result.diagnosis.map(Self.json)),
      "findings": FindingReport.json(result.findings),
    ]
  }

  private static func json(_ texts: TextSummary) -> JSONValue {
    [
      "path": .string(texts.path),
      "lines": .count(texts.count),
      "cut": .count(texts.cut),
      "other_ids": .count(texts.otherIDs),
    ]
  }

  private static func json(_ weight: WeightComparison) -> JSONValue {
    [
      "parameter": .string(weight.parameter.name),
      "result": .string(weight.outcome.rawValue),
      "max_abs": .finite(weight.maxAbs),
      "bitwise_equal": .bool(weight.bitwiseEqual),
      "rel_l2": .finite(weight.relL2),
      "ulps": .finite(weight.ulps),
      "non_finite": .count(weight.nonFinite),
      "message": .optional(weight.problem),
    ]
  }

  private static func json(_ stage: StageComparison) -> JSONValue {
    [
      "name": .string(stage.stage.name),
      "engine": .string(stage.engine.rawValue),
      "max_abs": .finite(stage.maxAbs),
      "rel_l2": .finite(stage.relL2),
      "non_finite": .count(nonFinite(stage)),
      "tolerance": stage.error == nil ? .null : .finite(stage.tolerance),
      "result": .string(stage.outcome.rawValue),
      "compared_with": .string(stage.side.rawValue),
      "inputs": .count(stage.probe),
      "worst": worst(stage).map(json) ?? .null,
      "padding_max_abs": .finite(padding(stage)?.maxAbs),
      "shapes": stage.shapes.map(json) ?? .null,
      "message": .optional(stage.problem),
    ]
  }

  private static func json(_ shapes: ShapeMismatch) -> JSONValue {
    [
      "subject": .array(shapes.subject.map(JSONValue.count)),
      "expected": .array(shapes.expected.map(JSONValue.count)),
    ]
  }

  private static func json(_ location: ElementLocation) -> JSONValue {
    .object(location.axes.map { JSONMember($0.name, .count($0.place)) })
  }

  private static func json(_ diagnosis: Diagnosis) -> JSONValue {
    [
      "code": .string(diagnosis.code.rawValue),
      "parameter": .optional(diagnosis.parameter),
      "other_parameter": .optional(diagnosis.otherParameter),
      "message": .string(diagnosis.sentence(\.option)),
      "explains": .finite(diagnosis.explains),
    ]
  }
}
