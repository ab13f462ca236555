internal import AlbertBytes
package import AlbertGraphs
package import AlbertTensors

/// One use of an operator: the node's settings, the values that it takes, and what it may spend.
package struct OperatorCall {
  /// The operator.
  let row: Operator
  /// The node.
  package let node: GraphNode
  /// The values taken, nil where an optional one is left out.
  package let inputs: [GraphValue?]
  let evaluation: Evaluation
  let scope: EvaluationScope

  /// The version of the operator that the file means.
  package var version: Int { node.version }

  /// Whether values are rounded to their declared types, as a runtime does.
  package var roundsValues: Bool { evaluation.mode == .declared }

  /// Whether numbers stay as they are where the graph rounds them.
  package var keepsNumbers: Bool { evaluation.mode == .unrounded }

  /// Whether the output at `index` is wanted.
  package func wants(_ index: Int) -> Bool {
    index < node.outputs.count && !node.outputs[index].isEmpty
  }

  // MARK: Inputs

  /// The value at `index`, where it is given.
  package func optional(_ index: Int) -> GraphValue? {
    index < inputs.count ? inputs[index] : nil
  }

  /// The value at `index`.
  package func input(_ index: Int) throws(OperatorError) -> GraphValue {
    guard let value = optional(index) else { throw .invalid("input \(index) is missing") }
    return value
  }

  /// The numbers with a fraction at `index`.
  package func numbers(_ index: Int) throws(OperatorError) -> [Double] {
    guard case .numbers(let values) = try input(index).storage else {
      throw wrongType(index, "floating-point numbers")
    }
    return values
  }

  /// The same; nil where the input is left out.
  func optionalNumbers(_ index: Int) throws(OperatorError) -> [Double]? {
    optional(index) == nil ? nil : try numbers(index)
  }

  /// The integers at `index`.
  package func integers(_ index: Int) throws(OperatorError) -> [Int64] {
    guard case .integers(let values) = try input(index).storage else {
      throw wrongType(index, "integers")
    }
    return values
  }

  /// The truth values at `index`.
  package func flags(_ index: Int) throws(OperatorError) -> [Bool] {
    guard case .flags(let values) = try input(index).storage else {
      throw wrongType(index, "truth values")
    }
    return values
  }

  /// The integers at `index` as sizes, axes or places; nil where the input is left out.
  package func list(_ index: Int) throws(OperatorError) -> [Int]? {
    guard optional(index) != nil else { return nil }
    return try integers(index).map(Int.init)
  }

  /// The one number or integer at `index`, of whatever numeric type; nil where the input is left out.
  package func single(_ index: Int) throws(OperatorError) -> Double? {
    guard let value = optional(index) else { return nil }
    guard value.count == 1 else {
      throw .invalid("input \(index) is \(value.shape), where one number is wanted")
    }
    return value.doubles[0]
  }

  private func wrongType(_ index: Int, _ expected: String) -> OperatorError {
    let found = optional(index)?.type.rawValue ?? "nothing"
    return .invalid("input \(index) is \(found), where \(expected) are wanted")
  }

  // MARK: Settings

  /// The integer setting `name`, where it is given.
  package func integer(_ name: String) throws(OperatorError) -> Int? {
    switch node.attributes[name] {
    case nil: return nil
    case .integer(let value): return value
    default: throw .invalid("the setting '\(name)' is no integer")
    }
  }

  /// The integer setting `name`, else `value`.
  package func integer(_ name: String, else value: Int) throws(OperatorError) -> Int {
    try integer(name) ?? value
  }

  /// The number setting `name`, else `value`.
  package func number(_ name: String, else value: Double) throws(OperatorError) -> Double {
    switch node.attributes[name] {
    case nil: return value
    // A setting is a Float32, which an operator computes with as it was meant; see `MeantNumber`.
    case .number(let value): return roundsValues ? value : MeantNumber.exact(value)
    case .integer(let value): return Double(value)
    default: throw .invalid("the setting '\(name)' is no number")
    }
  }

  /// The text setting `name`, else `value`.
  package func text(_ name: String, else value: String) throws(OperatorError) -> String {
    switch node.attributes[name] {
    case nil: return value
    case .text(let text): return text
    default: throw .invalid("the setting '\(name)' is no text")
    }
  }

  /// The list of integers `name`, where it is given.
  package func integers(_ name: String) throws(OperatorError) -> [Int]? {
    switch node.attributes[name] {
    case nil: return nil
    case .integers(let values): return values
    default: throw .invalid("the setting '\(name)' is no list of integers")
    }
  }

  /// The list of texts `name`, where it is given.
  package func texts(_ name: String) throws(OperatorError) -> [String]? {
    switch node.attributes[name] {
    case nil: return nil
    case .texts(let values): return values
    default: throw .invalid("the setting '\(name)' is no list of texts")
    }
  }

  /// The tensor `name`, where it is given.
  package func tensor(_ name: String) throws(OperatorError) -> GraphValue? {
    guard let attribute = node.attributes[name] else { return nil }
    guard case .tensor(let tensor) = attribute else {
      throw .invalid("the setting '\(name)' is no tensor")
    }
    try evaluation.budget.check(elements: tensor.shape.count)
    do {
      return evaluation.read(try GraphValue(tensor, path: evaluation.path))
    } catch {
      throw .file(error)
    }
  }

  /// The graph `name`.
  package func graph(_ name: String) throws(OperatorError) -> Graph {
    guard case .graph(let graph) = node.attributes[name] else {
      throw .invalid("the graph '\(name)' is missing")
    }
    return graph
  }

  /// The type whose code the integer setting `name` is, where it is given.
  package func type(_ name: String) throws(OperatorError) -> GraphType? {
    // Runtimes write out what is not stated as the undefined type.
    guard let code = try integer(name), code != 0 else { return nil }
    guard let type = GraphType(code: code) else {
      throw .invalid("the setting '\(name)' is \(code), which is no element type")
    }
    guard type.family != .none else { throw .unsupported("the element type \(type.rawValue)") }
    return type
  }

  // MARK: Shapes and limits

  /// The shape of these extents; throws where one is negative or the value would be too large.
  package func shape(_ dimensions: [Int]) throws(OperatorError) -> Shape {
    guard dimensions.count <= Shape.maxAxes else {
      throw .invalid("the result would have \(dimensions.count) axes")
    }
    guard let shape = Shape(checking: dimensions) else {
      throw .invalid("the result would have the shape \(dimensions)")
    }
    try evaluation.budget.check(elements: shape.count)
    return shape
  }

  /// Counts operations; throws where there are more than the budget allows.
  package func spend(_ operations: Int) throws(OperatorError) {
    try evaluation.budget.spend(operations: operations)
  }

  /// The product of a few counts, for `spend`; more than can be counted is as bad as too many.
  package func spend(product factors: Int...) throws(OperatorError) {
    var product = 1
    for factor in factors { product = product.multiplied(by: factor) ?? .max }
    try spend(product)
  }

  /// Throws where the caller gave up; for loops that take long.
  package func checkCancelled() throws(OperatorError) {
    if evaluation.observer.isCancelled() { throw .cancelled }
  }

  /// The axis that a number means, counted from the end where it is negative; `rank` itself is allowed
  /// where `isEnd` says so.
  package func axis(
    _ value: Int, rank: Int, orEnd isEnd: Bool = false
  ) throws(OperatorError) -> Int {
    let axis = value < 0 ? value + rank : value
    guard axis >= 0, axis < rank || (isEnd && axis == rank) else {
      throw .invalid("axis \(value) is out of range for \(rank) axes")
    }
    return axis
  }

  /// The axes that numbers mean, each once.
  package func axes(_ values: [Int], rank: Int) throws(OperatorError) -> [Int] {
    var result: [Int] = []
    for value in values {
      let axis = try axis(value, rank: rank)
      guard !result.contains(axis) else { throw .invalid("axis \(value) is named twice") }
      result.append(axis)
    }
    return result
  }

  /// Runs a graph within the node, which sees the values around it; returns its outputs in order.
  package func evaluate(
    _ graph: Graph, _ inputs: [GraphValue]
  ) throws(OperatorError) -> [GraphValue] {
    try evaluation.evaluate(graph, inputs, within: scope)
  }
}

extension OperatorCall {
  /// Counts a value that the operator holds beside its inputs.
  package func hold(_ value: GraphValue) throws(OperatorError) {
    try evaluation.budget.hold(value)
  }

  /// Counts a value that it holds no more.
  package func release(_ value: GraphValue) { evaluation.budget.release(value) }
}

extension OperatorCall {
  /// Tells whoever counts them of integers that numbers are rounded to, less their zero points.
  func rounds(to integers: @autoclosure () -> [Int64]) { evaluation.rounded?(node, integers()) }
}
