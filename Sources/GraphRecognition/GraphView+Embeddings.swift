internal import AlbertTensors

/// One table of embeddings that a sum looks up.
struct GraphLookup {
  /// How the row's number comes about.
  enum Index: Equatable {
    /// From what goes into the graph, unchanged.
    case given
    /// Always 0.
    case zero
    /// Counted by the graph.
    case counted
    /// Not at all: only the rows that an exporter had use for are left.
    case folded
  }

  let table: String
  let index: Index
  /// Whether the number is reshaped on its way, as where several choices are one batch.
  var isReshaped = false
}

extension GraphView {
  /// The embeddings that `value` is a row of.
  func lookup(_ value: String) -> GraphLookup? {
    var value = root(value)
    for _ in 0..<Self.farthest {
      if let tensor = graph.constants[value]?.tensor {
        guard tensor.type.isFloatingPoint, tensor.shape.rank >= 2 else { return nil }
        return GraphLookup(table: value, index: .folded)
      }
      guard let node = graph.producer(of: value), let input = node.input(0) else { return nil }
      if Self.looksUp(node), let index = node.input(1),
        let table = table(input)
      {
        return lookup(table, by: index)
      }
      if node.operation == "Slice", let table = table(input) {
        return GraphLookup(table: table, index: .counted)
      }
      guard Self.moves(node) || node.operation == "Tile" else { return nil }
      value = root(input)
    }
    return nil
  }

  /// Whether an operator takes rows of a table.
  private static func looksUp(_ node: OperatorNode) -> Bool {
    switch node.operation {
    case "Gather": node.integer("axis") ?? 0 == 0
    case "GatherBlockQuantized": node.integer("gather_axis") ?? 0 == 0
    default: false
    }
  }

  /// The name of the constant matrix that `value` is.
  func table(_ value: String) -> String? {
    let name = root(value)
    guard let tensor = graph.constants[name]?.tensor, tensor.type.isFloatingPoint,
      tensor.shape.rank == 2
    else { return nil }
    return name
  }

  /// A lookup in `table` by the numbers `index`.
  func lookup(_ table: String, by index: String) -> GraphLookup {
    if let values = constant(index)?.values {
      return GraphLookup(table: table, index: values.allSatisfy { $0 == 0 } ? .zero : .counted)
    }
    let isGiven = isGiven(unwrapped(index) ?? index)
    if isGiven.given {
      return GraphLookup(table: table, index: .given, isReshaped: isGiven.reshaped)
    }
    return GraphLookup(table: table, index: isZero(index) ? .zero : .counted)
  }

  /// The value that `index` is where that is not negative: Keras 3 counts negative ones from the end.
  private func unwrapped(_ index: String) -> String? {
    let operators: Set = ["Add", "Mul", "Where", "Less", "Not"]
    guard let node = graph.producer(of: root(index)), operators.contains(node.operation) else {
      return nil
    }
    let given = search(from: index, through: { operators.contains($0.operation) }) { value in
      let isInner = graph.producer(of: value).map { operators.contains($0.operation) } ?? false
      return isInner || graph.constants[value] != nil ? nil : value
    }
    guard let given else { return nil }
    let isSame = [0, 1, 7, 1000].allSatisfy { (number: Double) in
      var evaluation = GraphEvaluation(view: self, variable: given, argument: number)
      return evaluation.value(of: index) == number
    }
    return isSame ? given : nil
  }

  /// Whether `value` is an input of the graph, only moved about.
  private func isGiven(_ value: String) -> (given: Bool, reshaped: Bool) {
    var value = root(value)
    var isReshaped = false
    for _ in 0..<Self.farthest {
      guard let node = graph.producer(of: value) else {
        return (graph.constants[value] == nil, isReshaped)
      }
      guard Self.moves(node) || ["Slice", "Clip", "Concat"].contains(node.operation),
        let input = node.inputs.first(where: { constant($0) == nil })
      else { return (false, false) }
      if node.operation == "Reshape" { isReshaped = true }
      value = root(input)
    }
    return (false, false)
  }

  /// Whether `value` holds nothing but zeros.
  private func isZero(_ value: String) -> Bool {
    var value = root(value)
    for _ in 0..<Self.farthest {
      if let values = graph.constants[value]?.values { return values.allSatisfy { $0 == 0 } }
      guard let node = graph.producer(of: value), let input = node.input(0) else { return false }
      if node.operation == "ConstantOfShape" { return true }
      guard
        Self.moves(node) || ["Slice", "Gather", "GatherElements", "Tile"].contains(node.operation)
      else {
        return false
      }
      value = root(input)
    }
    return false
  }
}
