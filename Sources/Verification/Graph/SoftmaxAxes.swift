internal import AlbertBytes
internal import AlbertDiagnosis
internal import AlbertGraphEngine
internal import AlbertGraphs
internal import AlbertTensors

/// Softmaxes that run along another axis than the keys', as an exporter leaves them that counts axes otherwise.
///
/// Nothing but the graph itself can compute so; put right it is run once more.
struct SoftmaxAxes {
  /// The nodes by their first output, with the axis that they state.
  private let stated: [String: (node: GraphNode, axis: Int)]
  /// Those of a run that gave values along another axis than their last.
  private var wrong: [(node: GraphNode, axis: Int)] = []

  /// The softmaxes of a graph whose axis is not the last one's by its number.
  init(_ graph: Graph) {
    var stated: [String: (node: GraphNode, axis: Int)] = [:]
    for node in graph.nodes {
      guard let output = node.outputs.first, let axis = Self.axis(of: node, in: graph), axis != -1
      else { continue }
      stated[output] = (node, axis)
    }
    self.stated = stated
  }

  /// Takes a value of a run, whose rank says which axis is the last.
  mutating func take(_ name: String, _ value: GraphValue) {
    guard let (node, axis) = stated[name], axis != Self.last(of: node, giving: value),
      // What a softmax takes off before its exponential moves no result.
      node.operation != "ReduceMax"
    else { return }
    wrong.append((node, axis))
  }

  /// What explains the run of `check` that gave `found`, where the graph is right with the last axis in the
  /// place of every other; nil where it is not, or where there are none.
  ///
  /// Throws `cancelled` where the observer gives up.
  func diagnosis(
    of check: GraphCheck, beside found: GraphCheck.Result, _ observer: WorkObserver
  ) throws(FileError) -> Diagnosis? {
    guard let (first, axis) = wrong.first else { return nil }
    var mended = check
    mended.graph = GraphModel(
      path: check.graph.path, format: check.graph.format,
      graph: check.graph.graph.replacing(stated.mapValues { Self.mended($0.node) }),
      operatorSets: check.graph.operatorSets, files: check.graph.files, check: {})
    let result: GraphCheck.Result
    do throws(FileError) {
      result = try mended.run(observer)
    } catch {
      if error.problem == .cancelled { throw error }
      return nil
    }
    guard result.outcome.holds else { return nil }
    let (before, after) = (found.outcome.largestError, result.outcome.largestError)
    let others = wrong.count > 1 ? " and of \(wrong.count - 1) more" : ""
    return Diagnosis(
      .softmaxAxis,
      message:
        "the softmax of \(first.plainTitle)\(others) runs along axis \(axis) instead of the last one, "
        + "the keys'",
      explains: before > 0 ? 1 - after / before : 1)
  }

  /// The axis along which a node makes sums of one, by itself or as the sum that another one divides by.
  private static func axis(of node: GraphNode, in graph: Graph) -> Int? {
    switch (node.domain, node.operation) {
    case ("", "Softmax"), ("", "LogSoftmax"):
      if case .integer(let axis)? = node.attributes["axis"] { return axis }
      return node.version < 13 ? 1 : -1
    case ("", "ReduceSum"), ("", "ReduceMax"):
      guard graph.isOfSoftmax(node) else { return nil }
      if case .integers(let axes)? = node.attributes["axes"] {
        return axes.count == 1 ? axes[0] : nil
      }
      guard node.inputs.count > 1, let axes = graph.integers(node.inputs[1]), axes.count == 1 else {
        return nil
      }
      return axes[0]
    default: return nil
    }
  }

  /// The last axis of what a node takes, by the value that it gives.
  private static func last(of node: GraphNode, giving value: GraphValue) -> Int {
    var keepsAxes = true
    if case .integer(0)? = node.attributes["keepdims"] { keepsAxes = false }
    return value.dimensions.count - (keepsAxes ? 1 : 0)
  }

  /// The same node along the last axis.
  private static func mended(_ node: GraphNode) -> GraphNode {
    var attributes = node.attributes
    let isSoftmax = node.operation.hasSuffix("Softmax")
    if isSoftmax { attributes["axis"] = .integer(-1) } else { attributes["axes"] = .integers([-1]) }
    return GraphNode(
      name: node.name, operation: node.operation,
      // Sums take their axes as a setting in older versions alone.
      version: isSoftmax ? node.version : min(node.version, 12),
      inputs: isSoftmax ? node.inputs : [node.inputs[0]], outputs: node.outputs,
      attributes: attributes)
  }
}

extension Graph {
  /// The same graph with other nodes in the place of those that give these values.
  fileprivate func replacing(_ nodes: [String: GraphNode]) -> Graph {
    var result = self
    result.nodes = self.nodes.map { $0.outputs.first.flatMap { nodes[$0] } ?? $0 }
    return result
  }

  /// The integers of a stored tensor; nil for any other value.
  fileprivate func integers(_ name: String) -> [Int]? {
    var tensor = initializers[name]
    if tensor == nil,
      let node = nodes.first(where: { $0.operation == "Constant" && $0.outputs == [name] })
    {
      if case .integers(let values)? = node.attributes["value_ints"] { return values }
      if case .tensor(let value)? = node.attributes["value"] { tensor = value }
    }
    guard let tensor, tensor.type == .int64, tensor.shape.count <= 8,
      let bytes = try? tensor.bytes()
    else { return nil }
    return unsafe bytes.span.bytes.doubles(of: .int64)?.compactMap { Int(exactly: $0) }
  }

  /// Whether a node sums what a quotient behind it divides, or finds the most that a difference before an
  /// exponential takes off.
  fileprivate func isOfSoftmax(_ node: GraphNode) -> Bool {
    guard let output = node.outputs.first, let input = node.inputs.first else { return false }
    let users = nodes.filter { $0.inputs == [input, output] }
    return users.contains { user in
      if node.operation == "ReduceSum" {
        return user.operation == "Div"
          && nodes.contains { $0.operation == "Exp" && $0.outputs == [input] }
      }
      return user.operation == "Sub"
        && nodes.contains { $0.operation == "Exp" && $0.inputs == user.outputs }
    }
  }
}
