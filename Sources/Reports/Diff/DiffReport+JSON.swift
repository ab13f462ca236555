internal import AlbertArchitecture
internal import AlbertComparison
package import AlbertJSON
internal import AlbertTensors

extension DiffReport {
  /// The document that `--json` prints.
  package var json: JSONValue {
    JSONReport.document([
      "result": .string(comparison.isSame ? "same" : "differs"),
      "a": Self.json(comparison.a),
      "b": Self.json(comparison.b),
      "tensors": tensors,
      "config": comparison.comparesConfig ? config : .null,
      "tokenizer": comparison.tokenizer.map(Self.json) ?? .null,
      "findings": FindingReport.json(comparison.findings),
    ])
  }

  private static func json(_ side: Checkpoint) -> JSONValue {
    [
      "path": .string(side.path.string),
      "format": .string(side.format),
      "upstream": .optional(side.inspection?.upstream),
    ]
  }

  /// The counts of every part, and each tensor that is not the same.
  private var tensors: JSONValue {
    guard comparison.comparesTensors else { return .null }
    let parts = TensorItem.Part.allCases.map { part in
      JSONMember(
        part.rawValue,
        .object(
          TensorComparison.Outcome.allCases.map {
            JSONMember($0.rawValue, .count(count($0, in: part)))
          }))
    }
    let settled = comparison.tensors.count { $0.evidence == .digests }
    return JSONValue.object(parts)
      .adding(["by_digests": .count(settled), "changed": .array(changed.map(Self.json))])
  }

  private static func json(_ tensor: TensorComparison) -> JSONValue {
    let values = tensor.values.flatMap { $0.differing > 0 ? $0 : nil }
    return [
      "name": .string(tensor.name),
      "part": .string(tensor.part.rawValue),
      "outcome": .string(tensor.outcome.rawValue),
      "rounded": .bool(tensor.isRounded),
      "a": tensor.a.map(json) ?? .null,
      "b": tensor.b.map(json) ?? .null,
      "differing": .count(values?.differing),
      "max_abs": .finite(values?.maxAbs),
      "rel_l2": .finite(values?.relL2),
      "non_finite": .count(values?.nonFinite),
      "at": values.flatMap { values in
        tensor.a.map { .array($0.shape.index(of: values.place).map { .count($0) }) }
      } ?? .null,
      "a_value": .finite(values?.values.a),
      "b_value": .finite(values?.values.b),
      "message": .string(story(tensor)),
    ]
  }

  private static func json(_ item: TensorItem) -> JSONValue {
    [
      "tensor": .string(item.stored.name),
      "dtype": .string(item.stored.type.rawValue),
      "shape": .array(item.shape.dimensions.map { .count($0) }),
    ]
  }

  private var config: JSONValue {
    .array(of: comparison.config) {
      ["key": .string($0.key), "a": $0.a ?? .null, "b": $0.b ?? .null, "counts": .bool($0.counts)]
    }
  }

  private static func json(_ tokenizer: TokenizerDifference) -> JSONValue {
    [
      "outcome": .string(tokenizer.outcome.rawValue),
      "files": .array(tokenizer.files.map { .string($0) }),
      "differences": .array(tokenizer.differences.map { .string($0) }),
    ]
  }
}
