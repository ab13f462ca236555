internal import AlbertArchives
internal import AlbertTensors

/// Puts a graph together operator by operator.
///
/// Every result is called by where it stands, `/layers.3/attention/scores`: the names are what a
/// user sees in a viewer and in a runtime's messages.
struct ONNXGraphBuilder {
  /// The name of a value.
  typealias Value = String

  /// Operators, each behind those whose results it takes.
  private(set) var nodes: [OperatorNode] = []
  /// Factors, shapes and axes, each once.
  private(set) var constants: [ONNXConstant] = []
  private var scope = ""

  /// Adds an operator and gives its result, `name` within the scope.
  mutating func callAsFunction(
    _ operation: String, _ inputs: Value..., as name: String,
    _ attributes: [String: OperatorAttribute] = [:]
  ) -> Value {
    add(operation, inputs, giving: scope + "/" + name, attributes)
  }

  /// Adds an operator whose result is called `name` whatever the scope, such as one that the graph
  /// gives back.
  mutating func add(
    _ operation: String, _ inputs: [Value], giving name: Value,
    _ attributes: [String: OperatorAttribute] = [:]
  ) -> Value {
    nodes.append(
      OperatorNode(
        name: name.hasPrefix("/") ? name : "/" + name, operation: operation, inputs: inputs,
        outputs: [name], attributes: attributes))
    return name
  }

  /// Names what `body` adds within `name`.
  mutating func within<Result>(
    _ name: String, _ body: (inout ONNXGraphBuilder) -> Result
  ) -> Result {
    let outer = scope
    scope += "/" + name
    defer { scope = outer }
    return body(&self)
  }

  /// A factor.
  mutating func number(_ value: Double, _ name: String) -> Value {
    constant(ONNXConstant(name: "constants/" + name, Float(value)))
  }

  /// An index.
  mutating func index(_ value: Int, _ name: String) -> Value {
    constant(ONNXConstant(name: "constants/" + name, value))
  }

  /// A list of extents, axes or places.
  mutating func list(_ values: [Int], _ name: String) -> Value {
    constant(ONNXConstant(name: "constants/" + name, values))
  }

  private mutating func constant(_ constant: ONNXConstant) -> Value {
    if !constants.contains(where: { $0.tensor.name == constant.tensor.name }) {
      constants.append(constant)
    }
    return constant.tensor.name
  }
}
