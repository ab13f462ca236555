internal import AlbertBytes
internal import AlbertGraphs
internal import AlbertTensors

/// One run of a graph: the nodes in their order, values freed after their last use.
final class Evaluation {
  let path: String
  let mode: GraphMode
  let budget: EvaluationBudget
  let observer: WorkObserver
  /// Told of each value of the outermost graph as soon as it is there.
  let take: (GraphNode, String, GraphValue) throws(FileError) -> Void
  /// Told of the integers that a node rounds numbers to, less their zero points.
  let rounded: ((GraphNode, [Int64]) -> Void)?
  private let nodeCount: Int
  private var depth = 0

  /// Graphs within graphs that are followed.
  private static let deepest = 32
  /// What a node, and a turn of a loop, costs beside its elements.
  ///
  /// It is as many operations as a product of matrices makes in the microseconds that either takes, so
  /// that loops over nothing end too, and within seconds.
  private static let operationsPerNode = 1 << 14
  /// What an element of a result costs, as many operations as a product of matrices makes in the nanoseconds that
  /// a function of a number, and the memory for it, takes.
  private static let operationsPerElement = 16
  /// Inputs whose types and shapes an error says.
  private static let maxTold = 8
  /// Characters of an operator's reason, which may quote lists and texts of the file.
  private static let longestReason = 600

  init(
    path: String, mode: GraphMode, budget: EvaluationBudget, nodeCount: Int,
    observer: WorkObserver, rounded: ((GraphNode, [Int64]) -> Void)?,
    take: @escaping (GraphNode, String, GraphValue) throws(FileError) -> Void
  ) {
    self.path = path
    self.mode = mode
    self.budget = budget
    self.nodeCount = nodeCount
    self.observer = observer
    self.rounded = rounded
    self.take = take
  }

  /// A stored value as this run takes it.
  func read(_ value: GraphValue) -> GraphValue { takesMeant ? value.meant() : value }

  /// Whether single numbers are taken as they were meant.
  private var takesMeant: Bool { mode != .declared }

  /// The outputs of the outermost graph.
  func run(_ graph: Graph, _ inputs: [String: GraphValue]) throws(FileError) -> [GraphValue] {
    do throws(OperatorError) {
      let scope = EvaluationScope(
        graph, within: nil, GraphUses(graph), budget, path, takesMeant: takesMeant)
      return try evaluate(graph, inputs, in: scope)
    } catch {
      throw fileError(error, node: nil)
    }
  }

  /// The outputs of a graph within a node.
  func evaluate(
    _ graph: Graph, _ inputs: [GraphValue], within outer: EvaluationScope
  ) throws(OperatorError) -> [GraphValue] {
    guard inputs.count == graph.inputs.count else {
      throw .invalid("its graph takes \(graph.inputs.count) values, not \(inputs.count)")
    }
    guard depth < Self.deepest else {
      throw .budget(of: "the nesting of graphs", value: depth + 1, most: Self.deepest)
    }
    try budget.spend(operations: Self.operationsPerNode)
    depth += 1
    defer { depth -= 1 }
    let scope = EvaluationScope(
      graph, within: outer, GraphUses(graph), budget, path, takesMeant: takesMeant)
    let named = Dictionary(firstOfEach: zip(graph.inputs.map(\.name), inputs))
    return try evaluate(graph, named, in: scope)
  }

  private func evaluate(
    _ graph: Graph, _ inputs: [String: GraphValue], in scope: EvaluationScope
  ) throws(OperatorError) -> [GraphValue] {
    for (name, value) in inputs.ordered(by: \.key) { try scope.set(name, value) }
    for (index, node) in graph.nodes.enumerated() {
      if observer.isCancelled() { throw .cancelled }
      if depth == 0 { observer.progress(index, nodeCount) }
      do throws(OperatorError) {
        try run(node, in: scope)
      } catch {
        throw .file(fileError(error, node: node))
      }
      scope.free(after: index)
    }
    var outputs: [GraphValue] = []
    for port in graph.outputs {
      let value = try scope.value(port.name)
      outputs.append(mode == .declared ? value.rounded() : value)
    }
    scope.freeAll()
    if depth == 0 { observer.progress(nodeCount, nodeCount) }
    return outputs
  }

  private func run(_ node: GraphNode, in scope: EvaluationScope) throws(OperatorError) {
    guard let function = OperatorTable.find(node) else {
      throw .unsupported("the operator \(node.qualifiedOperation)")
    }
    if let moved = function.misplaced(in: node) {
      throw .invalid(
        "it states '\(moved.name)' as an attribute, which is an input since version \(moved.since) and would be passed over"
      )
    }
    var inputs: [GraphValue?] = []
    for name in node.inputs { inputs.append(name.isEmpty ? nil : try scope.value(name)) }
    let rounds = roundings(node, inputs, in: scope)
    if let rounds, rounds.taken {
      inputs = inputs.map { $0?.type == .float16 ? $0?.rounded() : $0 }
    }
    let call = OperatorCall(
      row: function, node: node, inputs: inputs, evaluation: self, scope: scope)
    let results: [GraphValue?]
    do throws(OperatorError) {
      results = try function.run(call)
    } catch {
      guard case .invalid(let what) = error else { throw error }
      let taken = inputs.map { $0.map { "\($0.type.rawValue) \($0.shape)" } ?? "nothing" }
      throw .invalid(
        "\(what.cut(to: Self.longestReason)); it takes \(taken.isEmpty ? "nothing" : taken.counted(naming: Self.maxTold))"
      )
    }
    var count = Self.operationsPerNode
    for (index, name) in node.outputs.enumerated() where !name.isEmpty {
      guard index < results.count, var value = results[index] else {
        throw .unsupported("output \(index) of it")
      }
      if mode == .declared {
        let isSingle =
          value.type == .float16 && !(rounds?.given ?? HalfPrecision.hasKernel(node))
        value = isSingle ? value.roundedToSingle() : value.rounded()
      }
      count += value.count * Self.operationsPerElement
      try scope.set(name, value)
      if depth == 0 {
        do {
          try take(node, name, value)
        } catch {
          throw .file(error)
        }
      }
    }
    try budget.spend(operations: count)
  }

  /// Whether a node takes and gives values as float16 holds them; nil where it takes none and casts nothing,
  /// as in most graphs, which need not be looked at for who makes what.
  private func roundings(
    _ node: GraphNode, _ inputs: [GraphValue?], in scope: EvaluationScope
  ) -> (taken: Bool, given: Bool)? {
    guard mode == .declared,
      HalfPrecision.isCast(node) || inputs.contains(where: { $0?.type == .float16 })
    else { return nil }
    return scope.halves.rounds(node, inputs)
  }

  private func fileError(_ error: OperatorError, node: GraphNode?) -> FileError {
    let place = node.map { "node \($0.title): " } ?? ""
    return switch error {
    case .file(let error): error
    case .cancelled: FileError(path, .cancelled)
    case .invalid(let what):
      FileError(
        path, .rejected(code: GraphEngine.nodeCode, message: place + what),
        remedy:
          "check the inputs; where they are right, this graph cannot run: export the model again")
    case .training:
      FileError(
        path,
        .rejected(
          code: GraphEngine.trainingCode,
          message: place + "it drops elements at random, as in training alone"),
        remedy: "set the model to inference before it is exported, as PyTorch's eval() does")
    case .unsupported(let what):
      FileError(
        path, .unsupported(place + what), remedy: "export the model with other operators")
    case .budget(let what, let value, let most):
      FileError(
        path, .limit(of: place + what, value: value, most: most),
        remedy:
          "allow more than usual with the albert tool's option --budget, if you trust the file")
    }
  }
}
