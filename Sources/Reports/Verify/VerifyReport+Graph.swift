internal import AlbertJSON
internal import AlbertVerification

extension VerifyReport {
  /// How a run of the graph went, as JSON.
  static func json(_ graph: GraphOutcome) -> JSONValue {
    .object([
      JSONMember("nodes", .count(graph.nodes)),
      JSONMember("message", .optional(graph.problem)),
      JSONMember("outputs", .array(graph.outputs.map(json))),
      JSONMember("stages", .array(graph.found.map(json))),
      JSONMember("stages_sought", .count(graph.sought)),
      JSONMember("roundings", graph.roundings.map(RoundingReport.json) ?? .null),
      JSONMember("unrounded", graph.unrounded.map(json) ?? .null),
      JSONMember("first_divergence", graph.divergence.map(json) ?? .null),
    ])
  }

  private static func json(_ unrounded: GraphOutcome.Unrounded) -> JSONValue {
    .object([
      JSONMember("outputs", .array(unrounded.outputs.map(json))),
      JSONMember("stages", .array(unrounded.found.map(json))),
      JSONMember("stages_sought", .count(unrounded.sought)),
      JSONMember("rounding_cost", unrounded.cost.map { .finite($0) } ?? .null),
      JSONMember("message", .optional(unrounded.problem)),
    ])
  }

  private static func json(_ output: GraphOutcome.Output) -> JSONValue {
    let real = output.error?.real
    return .object([
      JSONMember("name", .string(output.name)),
      JSONMember("stage", .optional(output.stage?.name)),
      JSONMember("max_abs", real.map { .finite($0.maxAbs) } ?? .null),
      JSONMember("rel_l2", real.map { .finite($0.relL2) } ?? .null),
      JSONMember("tolerance", output.error == nil ? .null : .finite(output.tolerance)),
      JSONMember("result", .string(output.outcome.rawValue)),
      JSONMember("message", .optional(output.problem)),
    ])
  }

  private static func json(_ found: GraphOutcome.Found) -> JSONValue {
    .object([
      JSONMember("name", .string(found.stage.name)),
      JSONMember("value", .string(found.value)),
      JSONMember("node", .string(found.node)),
      JSONMember("max_abs", .finite(found.maxAbs)),
    ])
  }

  private static func json(_ divergence: GraphOutcome.Divergence) -> JSONValue {
    .object([
      JSONMember("node", .string(divergence.node)),
      JSONMember("operator", .string(divergence.operation)),
      JSONMember("inputs", .array(divergence.inputs.map { .string($0) })),
      JSONMember("max_abs", divergence.maxAbs.map { .finite($0) } ?? .null),
      JSONMember("stage_before", .optional(divergence.stageBefore?.name)),
      JSONMember("expected", .optional(divergence.expected)),
    ])
  }

  /// Where the graph leaves the way of the reference, as a sentence; nil where it does not.
  var graphDivergence: String? {
    result.graph?.divergence.map { divergence in
      let error = divergence.maxAbs.map { ", off by \(Numbers.scientific($0))" } ?? ""
      let before = divergence.stageBefore.map { " behind \($0)" } ?? ""
      let expected = divergence.expected.map { ", where \($0) should come" } ?? ""
      return "the graph leaves at the node '\(divergence.node)' (\(divergence.operation) of "
        + "\(divergence.inputs.joined(separator: ", ")))\(before)\(expected)\(error)"
    }
  }
}
