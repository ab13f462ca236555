internal import AlbertGraphs

/// Attributes of ONNX's operators that are inputs since some version.
///
/// A node that states one in a file of a later version means it, and would be computed without it: runtimes
/// refuse such files, which tools write that raise a file's version without its nodes.
enum MovedAttributes {
  private static let all: [(operators: [String], since: Int, names: [String])] = [
    (["TopK"], 10, ["k"]),
    (["Slice"], 10, ["starts", "ends", "axes"]),
    (["Clip"], 11, ["min", "max"]),
    (["Pad"], 11, ["pads", "value"]),
    (["Dropout"], 12, ["ratio"]),
    (["Split"], 13, ["split"]),
    (["ReduceSum", "Squeeze", "Unsqueeze"], 13, ["axes"]),
    (
      [
        "ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceMax", "ReduceMean",
        "ReduceMin", "ReduceProd", "ReduceSumSquare",
      ], 18, ["axes"]
    ),
  ]

  private static let byOperator = Dictionary(
    uniqueKeysWithValues: all.flatMap { row in
      row.operators.map { ($0, (since: row.since, names: row.names)) }
    })

  /// The attribute that a node states though it is an input, and since which version it is one.
  static func stated(by node: GraphNode) -> (name: String, since: Int)? {
    guard node.domain.isEmpty, let row = byOperator[node.operation], node.version >= row.since,
      let name = row.names.first(where: { node.attributes[$0] != nil })
    else { return nil }
    return (name, row.since)
  }
}
