internal import AlbertJSON
internal import AlbertVerification

extension VerifyReport {
  /// How a run of the graph went, as JSON.
  static func json(_ graph: GraphOutcome) -> JSONValue {
    [
      "nodes": .count(graph.nodes),
      "message": .optional(graph.problem),
      "outputs": .array(graph.outputs.map(json)),
      "stages": .array(graph.found.map(json)),
      "stages_sought": .count(graph.sought),
      "roundings": graph.roundings.map(RoundingReport.json) ?? .null,
      "unrounded": graph.unrounded.map(json) ?? .null,
      "first_divergence": graph.divergence.map(json) ?? .null,
    ]
  }

  private static func json(_ unrounded: GraphOutcome.Unrounded) -> JSONValue {
    [
      "outputs": .array(unrounded.outputs.map(json)),
      "stages": .array(unrounded.found.map(json)),
      "stages_sought": .count(unrounded.sought),
      "rounding_cost": .finite(unrounded.cost),
      "message": .optional(unrounded.problem),
    ]
  }

  private static func json(_ output: GraphOutcome.Output) -> JSONValue {
    let real = output.error?.real
    return [
      "name": .string(output.name),
      "stage": .optional(output.stage?.name),
      "max_abs": .finite(real?.maxAbs),
      "rel_l2": .finite(real?.relL2),
      "tolerance": output.error == nil ? .null : .finite(output.tolerance),
      "result": .string(output.outcome.rawValue),
      "message": .optional(output.problem),
    ]
  }

  private static func json(_ found: GraphOutcome.Found) -> JSONValue {
    [
      "name": .string(found.stage.name),
      "value": .string(found.value),
      "node": .string(found.node),
      "max_abs": .finite(found.maxAbs),
    ]
  }

  private static func json(_ divergence: GraphOutcome.Divergence) -> JSONValue {
    [
      "node": .string(divergence.node),
      "operator": .string(divergence.operation),
      "inputs": .array(divergence.inputs.map { .string($0) }),
      "max_abs": .finite(divergence.maxAbs),
      "stage_before": .optional(divergence.stageBefore?.name),
      "expected": .optional(divergence.expected),
    ]
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
