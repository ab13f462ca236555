/// A computation as a file states it: operators over named values.
///
/// Operators bear ONNX's names and meaning, whatever the file; an importer says what it reads in these
/// words. Nothing is folded, dequantised or fused on the way in, so that what runs is what is stored.
package struct Graph: Sendable {
  /// The graph's name, for people.
  package var name: String
  /// Operators, each behind those whose results it takes.
  package var nodes: [GraphNode]
  /// Values that whoever runs the graph supplies; of one that `initializers` has too, what is supplied counts.
  package var inputs: [GraphPort]
  /// Values that the graph gives back.
  package var outputs: [GraphPort]
  /// Stored tensors by the name of their value.
  package var initializers: [String: GraphTensor]
  /// What the file says of types and shapes of other values, by name.
  package var values: [String: GraphPort]

  /// Makes a graph.
  package init(
    name: String = "", nodes: [GraphNode], inputs: [GraphPort], outputs: [GraphPort],
    initializers: [String: GraphTensor] = [:], values: [String: GraphPort] = [:]
  ) {
    self.name = name
    self.nodes = nodes
    self.inputs = inputs
    self.outputs = outputs
    self.initializers = initializers
    self.values = values
  }

  /// The number of nodes, those of graphs within nodes included.
  package var nodeCount: Int {
    nodes.reduce(0) { $0 + 1 + $1.graphs.reduce(0) { $0 + $1.nodeCount } }
  }
}

/// One operator of a graph.
package final class GraphNode: Sendable {
  /// The node's own name, often empty; exporters put module paths here.
  package let name: String
  /// The operator, such as `MatMul`.
  package let operation: String
  /// The operator's domain; empty for ONNX's own.
  package let domain: String
  /// The version of the domain's operators that the file means.
  package let version: Int
  /// The names of the values taken, empty where an optional one is left out.
  package let inputs: [String]
  /// The names of the values given, empty where one is not wanted.
  package let outputs: [String]
  /// Settings by name.
  package let attributes: [String: GraphAttribute]

  /// Makes a node.
  package init(
    name: String = "", operation: String, domain: String = "", version: Int, inputs: [String],
    outputs: [String], attributes: [String: GraphAttribute] = [:]
  ) {
    self.name = name
    self.operation = operation
    self.domain = domain
    self.version = version
    self.inputs = inputs
    self.outputs = outputs
    self.attributes = attributes
  }

  /// The same operator on another value at one place.
  package func taking(_ value: String, at place: Int) -> GraphNode {
    var inputs = inputs
    inputs[place] = value
    return GraphNode(
      name: name, operation: operation, domain: domain, version: version, inputs: inputs,
      outputs: outputs, attributes: attributes)
  }

  /// The operator as people call it: with its domain where that is not ONNX's.
  package var qualifiedOperation: String { domain.isEmpty ? operation : "\(domain).\(operation)" }

  /// The node as messages name it: by its name, else by the value that it gives.
  package var title: String {
    let own = name.isEmpty ? outputs.first { !$0.isEmpty } ?? "" : name
    return "'\(own)' (\(qualifiedOperation))"
  }

  /// The graphs within the node, as conditions and loops have them.
  package var graphs: [Graph] {
    // Few nodes have any, and all are asked.
    guard attributes.values.contains(where: \.isGraph) else { return [] }
    return attributes.sorted { $0.key < $1.key }.compactMap { _, value in
      if case .graph(let graph) = value { graph } else { nil }
    }
  }
}

/// A setting of an operator.
package enum GraphAttribute: Sendable {
  case integer(Int)
  case number(Double)
  case text(String)
  case integers([Int])
  case numbers([Double])
  case texts([String])
  case tensor(GraphTensor)
  case graph(Graph)
  /// What no operator here takes: a type, a list of tensors or graphs.
  case other(String)

  fileprivate var isGraph: Bool { if case .graph = self { true } else { false } }
}

/// What a file says of one value: its name, and as far as is known its type and extents.
package struct GraphPort: Equatable, Sendable {
  /// One extent of a value.
  package enum Extent: Equatable, Sendable {
    case fixed(Int)
    /// Any, but the same wherever the name stands.
    case named(String)
    case unknown
  }

  /// The value's name.
  package var name: String
  /// Its element type; nil where the file does not say, or where it is not a tensor.
  package var type: GraphType?
  /// Its extents, outermost axis first; nil where not even their number is known.
  package var extents: [Extent]?

  /// Describes a value.
  package init(name: String, type: GraphType? = nil, extents: [Extent]? = nil) {
    self.name = name
    self.type = type
    self.extents = extents
  }
}
