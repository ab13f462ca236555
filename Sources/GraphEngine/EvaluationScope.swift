internal import AlbertBytes
internal import AlbertGraphs

/// The values of one graph while it runs; what it has not, the graph around it has.
final class EvaluationScope {
  private let graph: Graph
  /// Which nodes are computed in float16, where that is asked.
  private(set) lazy var halves = HalfPrecision(graph)
  private let outer: EvaluationScope?
  private let uses: GraphUses
  private let budget: EvaluationBudget
  private let path: String
  /// Whether single numbers are taken as they were meant.
  private let takesMeant: Bool
  private var values: [String: GraphValue] = [:]

  init(
    _ graph: Graph, within outer: EvaluationScope?, _ uses: GraphUses, _ budget: EvaluationBudget,
    _ path: String, takesMeant: Bool
  ) {
    self.takesMeant = takesMeant
    self.graph = graph
    self.outer = outer
    self.uses = uses
    self.budget = budget
    self.path = path
  }

  /// The value of this name; a stored tensor is read the first time.
  func value(_ name: String) throws(OperatorError) -> GraphValue {
    if let value = values[name] { return value }
    guard let tensor = graph.initializers[name] else {
      guard let outer else { throw .invalid("the value '\(name)' is not there") }
      return try outer.value(name)
    }
    try budget.check(elements: tensor.shape.count)
    var value: GraphValue
    do {
      value = try GraphValue(tensor, path: path)
      if takesMeant { value = value.meant() }
    } catch {
      throw .file(error)
    }
    try set(name, value)
    return value
  }

  /// Whether a value is a tensor of the file.
  func isStored(_ name: String) -> Bool {
    graph.initializers[name] != nil || (outer?.isStored(name) ?? false)
  }

  /// Holds a value.
  func set(_ name: String, _ value: GraphValue) throws(OperatorError) {
    if let old = values.updateValue(value, forKey: name) { budget.release(old) }
    try budget.hold(value)
  }

  /// Frees what no node behind the one at `index` takes.
  func free(after index: Int) {
    for name in uses.last[index] {
      if let value = values.removeValue(forKey: name) { budget.release(value) }
    }
  }

  /// Frees everything.
  func freeAll() {
    for value in values.values { budget.release(value) }
    values = [:]
  }
}

/// For each node of a graph, the values that it is the last to take.
struct GraphUses {
  private(set) var last: [[String]]

  init(_ graph: Graph) {
    last = [[String]](repeating: [], count: graph.nodes.count)
    var taken = Set<String>(minimumCapacity: 2 * graph.nodes.count)
    for output in graph.outputs { taken.insert(output.name) }
    for index in graph.nodes.indices.reversed() {
      let node = graph.nodes[index]
      for name in node.inputs where taken.insert(name).inserted { last[index].append(name) }
      // A value that nothing takes goes with the node that gives it.
      for name in node.outputs where taken.insert(name).inserted { last[index].append(name) }
      for name in node.captured where taken.insert(name).inserted { last[index].append(name) }
    }
  }
}
