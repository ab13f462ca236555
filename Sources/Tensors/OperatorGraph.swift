/// The computation that a container states beside its tensors: operators over named values.
///
/// Only ONNX files carry one. An exporter may rename, transpose and copy a model's tensors, so what
/// a tensor is for can be read off the graph alone. The graph is flat: calls of a file's own
/// functions are expanded; operators keep ONNX's names and meaning.
package struct OperatorGraph: Sendable {
  /// Operators in the file's order, each behind those whose results it takes.
  package let nodes: [OperatorNode]
  /// Values that whoever runs the graph supplies.
  package let inputs: [String]
  /// Values that the graph gives back.
  package let outputs: [String]
  /// Tensors and constants by the name of their value.
  package let constants: [String: GraphConstant]

  private let producers: [String: Int]
  private let users: [String: [Int]]

  /// Makes a graph; nil where two nodes, or a node and a constant, give one value.
  package init?(
    nodes: [OperatorNode], inputs: [String], outputs: [String], constants: [String: GraphConstant]
  ) {
    var producers: [String: Int] = [:]
    var users: [String: [Int]] = [:]
    for (index, node) in nodes.enumerated() {
      for output in node.outputs where !output.isEmpty {
        guard producers.updateValue(index, forKey: output) == nil, constants[output] == nil
        else { return nil }
      }
      for input in node.inputs where !input.isEmpty {
        if users[input]?.last != index { users[input, default: []].append(index) }
      }
    }
    self.nodes = nodes
    self.inputs = inputs
    self.outputs = outputs
    self.constants = constants
    self.producers = producers
    self.users = users
  }

  /// The node that gives `value`; nil for constants and inputs.
  package func producer(of value: String) -> OperatorNode? {
    producers[value].map { nodes[$0] }
  }

  /// The position of the node that gives `value` in `nodes`.
  package func producerIndex(of value: String) -> Int? { producers[value] }

  /// The positions of the nodes that take `value`, in order, each once.
  package func consumers(of value: String) -> [Int] { users[value] ?? [] }
}

/// One operator of a graph.
package struct OperatorNode: Sendable {
  /// The node's own name, often empty; exporters put module paths here.
  package let name: String
  /// The operator, such as `MatMul`.
  package let operation: String
  /// The operator's domain; empty for ONNX's own operators.
  package let domain: String
  /// The names of the values taken, empty where an optional one is left out.
  package let inputs: [String]
  /// The names of the values given.
  package let outputs: [String]
  /// Settings by name.
  package let attributes: [String: OperatorAttribute]

  /// Makes a node.
  package init(
    name: String = "", operation: String, domain: String = "", inputs: [String],
    outputs: [String], attributes: [String: OperatorAttribute] = [:]
  ) {
    self.name = name
    self.operation = operation
    self.domain = domain
    self.inputs = inputs
    self.outputs = outputs
    self.attributes = attributes
  }

  /// The value taken at `index`, or nil where it is left out.
  package func input(_ index: Int) -> String? {
    guard index < inputs.count, !inputs[index].isEmpty else { return nil }
    return inputs[index]
  }

  /// The integer setting `name`.
  package func integer(_ name: String) -> Int? {
    if case .integer(let value) = attributes[name] { value } else { nil }
  }

  /// The number setting `name`.
  package func number(_ name: String) -> Double? {
    switch attributes[name] {
    case .number(let value): value
    case .integer(let value): Double(value)
    default: nil
    }
  }

  /// The text setting `name`.
  package func text(_ name: String) -> String? {
    if case .text(let value) = attributes[name] { value } else { nil }
  }

  /// The list of integers `name`.
  package func integers(_ name: String) -> [Int]? {
    if case .integers(let value) = attributes[name] { value } else { nil }
  }
}

/// A setting of an operator.
package enum OperatorAttribute: Equatable, Sendable {
  case integer(Int)
  case number(Double)
  case text(String)
  case integers([Int])
  case numbers([Double])
  /// What is not followed: a graph within the node, a list of texts, a type.
  case other(String)
}

/// A tensor or constant of a graph.
package struct GraphConstant: Sendable {
  /// The tensor's name, element type and shape, as the archive lists it.
  package let tensor: TensorDescription
  /// The elements in row-major order where they are few, else nil; integers are held exactly up to
  /// 2^53.
  package let values: [Double]?
  /// Whether the file stores integers, of which the graph makes the numbers that `tensor` describes.
  ///
  /// `values` are then the integers.
  package let isDequantized: Bool
  /// The bits of each of those integers.
  package let bits: Int
  /// Rows that share a scale: more than one where blocks are cut without regard to them, or down the columns.
  package let rowsPerScale: Int
  /// The constants of scales and zero points by which it is dequantised.
  package let scales: [String]
  /// Whether its numbers were computed from others of the file, so that their last bits may differ.
  package let isRestored: Bool

  /// Describes a constant.
  package init(
    tensor: TensorDescription, values: [Double]?, isDequantized: Bool = false,
    scales: [String] = [], bits: Int = 8, rowsPerScale: Int = 1, isRestored: Bool = false
  ) {
    self.isRestored = isRestored
    self.tensor = tensor
    self.values = values
    self.isDequantized = isDequantized
    self.scales = scales
    self.bits = bits
    self.rowsPerScale = rowsPerScale
  }

  /// The value of a constant of one element.
  package var scalar: Double? { values?.count == 1 ? values?.first : nil }

  /// A number as an integer, the ends of what is held for what lies beyond: a slice's end is often the
  /// largest integer, which no Float64 is.
  private static func integer(_ value: Double) -> Int? {
    if value >= 0x1p63 { return .max }
    return value < -0x1p63 ? .min : Int(exactly: value)
  }

  /// The values of a list of integers.
  package var integers: [Int]? {
    guard tensor.shape.rank <= 1, let values else { return nil }
    let integers = values.compactMap(Self.integer)
    return integers.count == values.count ? integers : nil
  }
}
