import AlbertTensors

@testable import AlbertGraphRecognition

/// Small graphs, operator by operator.
struct GraphBuilder {
  private var nodes: [OperatorNode] = []
  private var constants: [String: GraphConstant] = [:]
  private var count = 0

  /// The value that goes in.
  let x = "x"

  /// Adds an operator and gives its result.
  mutating func callAsFunction(
    _ operation: String, _ inputs: String..., attributes: [String: OperatorAttribute] = [:]
  ) -> String {
    count += 1
    let output = "\(operation)-\(count)"
    nodes.append(
      OperatorNode(
        operation: operation, inputs: inputs, outputs: [output], attributes: attributes))
    return output
  }

  /// Adds an operator whose result has a name that is used before.
  mutating func close(_ operation: String, _ inputs: [String], as output: String) {
    nodes.append(OperatorNode(operation: operation, inputs: inputs, outputs: [output]))
  }

  /// Adds a number.
  mutating func number(_ value: Double) -> String {
    constant([], values: [value])
  }

  /// Adds a tensor of floats.
  mutating func constant(
    _ shape: [Int], values: [Double]? = nil, type: ElementType = .float32
  ) -> String {
    count += 1
    let name = "constant-\(count)"
    constants[name] = GraphConstant(
      tensor: TensorDescription(name: name, type: type, shape: Shape(shape)), values: values)
    return name
  }

  /// The graph's view.
  var view: GraphView { GraphView(graph: graph) }

  var graph: OperatorGraph {
    guard
      let graph = OperatorGraph(
        nodes: nodes, inputs: [x], outputs: nodes.last?.outputs ?? [], constants: constants)
    else { preconditionFailure("a name is used twice") }
    return graph
  }

  /// The LayerNorm whose result is `value`.
  func norm(_ value: String) -> GraphNorm? {
    graph.producer(of: value).flatMap { view.norm(endingAt: $0) }
  }

  /// The word for the activation from `start` to `end`.
  func activation(from start: String, to end: String) -> String? {
    GraphActivation.known { argument in
      var evaluation = GraphEvaluation(view: view, variable: start, argument: argument)
      return evaluation.value(of: end)
    }?.rawValue
  }
}
