internal import AlbertArchitecture
internal import AlbertComparison
package import AlbertJSON
internal import AlbertTensors

extension DiffReport {
  /// The document that `--json` prints.
  package var json: JSONValue {
    JSONReport.document([
      JSONMember("result", .string(comparison.isSame ? "same" : "differs")),
      JSONMember("a", Self.json(comparison.a)),
      JSONMember("b", Self.json(comparison.b)),
      JSONMember("tensors", tensors),
      JSONMember("config", comparison.comparesConfig ? config : .null),
      JSONMember("tokenizer", comparison.tokenizer.map(Self.json) ?? .null),
      JSONMember("findings", FindingReport.json(comparison.findings)),
    ])
  }

  private static func json(_ side: Checkpoint) -> JSONValue {
    .object([
      JSONMember("path", .string(side.path.string)),
      JSONMember("format", .string(side.format)),
      JSONMember("upstream", .optional(side.inspection?.upstream)),
    ])
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
    return .object(
      parts + [
        JSONMember("by_digests", .count(settled)),
        JSONMember("changed", .array(changed.map(Self.json))),
      ])
  }

  private static func json(_ tensor: TensorComparison) -> JSONValue {
    let values = tensor.values.flatMap { $0.differing > 0 ? $0 : nil }
    return .object([
      JSONMember("name", .string(tensor.name)),
      JSONMember("part", .string(tensor.part.rawValue)),
      JSONMember("outcome", .string(tensor.outcome.rawValue)),
      JSONMember("rounded", .bool(tensor.isRounded)),
      JSONMember("a", tensor.a.map(json) ?? .null),
      JSONMember("b", tensor.b.map(json) ?? .null),
      JSONMember("differing", values.map { .count($0.differing) } ?? .null),
      JSONMember("max_abs", values.map { .finite($0.maxAbs) } ?? .null),
      JSONMember("rel_l2", values.map { .finite($0.relL2) } ?? .null),
      JSONMember("non_finite", values.map { .count($0.nonFinite) } ?? .null),
      JSONMember(
        "at",
        values.flatMap { values in
          tensor.a.map { .array($0.shape.index(of: values.place).map { .count($0) }) }
        } ?? .null),
      JSONMember("a_value", values.map { .finite($0.values.a) } ?? .null),
      JSONMember("b_value", values.map { .finite($0.values.b) } ?? .null),
      JSONMember("message", .string(story(tensor))),
    ])
  }

  private static func json(_ item: TensorItem) -> JSONValue {
    .object([
      JSONMember("tensor", .string(item.stored.name)),
      JSONMember("dtype", .string(item.stored.type.rawValue)),
      JSONMember("shape", .array(item.shape.dimensions.map { .count($0) })),
    ])
  }

  private var config: JSONValue {
    .array(
      comparison.config.map {
        .object([
          JSONMember("key", .string($0.key)), JSONMember("a", $0.a ?? .null),
          JSONMember("b", $0.b ?? .null), JSONMember("counts", .bool($0.counts)),
        ])
      })
  }

  private static func json(_ tokenizer: TokenizerDifference) -> JSONValue {
    .object([
      JSONMember("outcome", .string(tokenizer.outcome.rawValue)),
      JSONMember("files", .array(tokenizer.files.map { .string($0) })),
      JSONMember("differences", .array(tokenizer.differences.map { .string($0) })),
    ])
  }
}
