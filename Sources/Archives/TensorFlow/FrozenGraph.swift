internal import AlbertBytes
internal import AlbertTensors

/// The constants of a TensorFlow graph in which variables were replaced by their values
/// (tensorflow/core/framework/graph.proto, `GraphDef`).
struct FrozenGraph {
  /// One constant and where its numbers lie.
  struct Constant {
    let description: TensorDescription
    /// The message of its `TensorProto`.
    let message: Range<Int>
  }

  /// The constants that are weights, in the graph's order.
  private(set) var weights: [Constant] = []
  /// How many constants are not weights.
  private(set) var others = 0

  /// Nodes that are accepted; a model has some thousand.
  private static let maxNodes = 1 << 18

  /// Reads a graph.
  ///
  /// What took a variable's place is read through an identity, as the variable was; an optimiser may
  /// have removed those, and then every constant of numbers with a fraction and an axis counts.
  init(_ content: ByteCursor) throws(FileError) {
    var reader = ProtobufReader(content)
    var constants: [Constant] = []
    var names: Set<String> = []
    var read: Set<String> = []
    var nodes = 0
    while let field = try reader.next() {
      guard field.number == 1 else { continue }
      nodes += 1
      try FileError.limit(
        nodes, "the number of nodes", most: Self.maxNodes, in: field.path, offset: field.offset)
      let node = try reader.message(field, "a node", Node.init)
      if node.operation == "Identity", let input = node.input { read.insert(input) }
      guard node.operation == "Const", let tensor = node.value else { continue }
      guard names.insert(node.name).inserted else {
        throw field.malformed("two nodes have the name '\(node.name)'")
      }
      if let constant = try Constant(node.name, tensor, content) { constants.append(constant) }
      others += 1
    }
    let throughIdentity = constants.filter { read.contains($0.description.name) }
    weights = throughIdentity.isEmpty ? constants : throughIdentity
    others -= weights.count
  }
}

extension FrozenGraph {
  /// What of a node says that it is a constant, or reads one (`NodeDef`).
  private struct Node {
    var name = ""
    var operation = ""
    var input: String?
    var value: Range<Int>?

    init(_ reader: inout ProtobufReader) throws(FileError) {
      while let field = try reader.next() {
        switch field.number {
        case 1: name = try reader.string(field, "a node's name", most: 4096)
        case 2: operation = try reader.string(field, "a node's operation", most: 4096)
        case 3 where input == nil:
          input = try reader.string(field, "a node's input", most: 4096)
        case 5:
          if let tensor = try reader.message(field, "an attribute", Self.tensor) { value = tensor }
        default: break
        }
      }
    }

    /// The tensor of an attribute `value`.
    private static func tensor(_ reader: inout ProtobufReader) throws(FileError) -> Range<Int>? {
      var isValue = false
      var tensor: Range<Int>?
      while let field = try reader.next() {
        switch field.number {
        case 1: isValue = try reader.string(field, "an attribute's name", most: 4096) == "value"
        case 2:
          tensor = try reader.message(field, "an attribute") { (reader) throws(FileError) in
            while let field = try reader.next() {
              if field.number == 8 { return try field.range("a tensor") }
            }
            return nil
          }
        default: break
        }
      }
      return isValue ? tensor : nil
    }
  }
}

extension FrozenGraph.Constant {
  /// The constant of a message; nil for anything but numbers with a fraction along some axis.
  init?(_ name: String, _ message: Range<Int>, _ content: ByteCursor) throws(FileError) {
    var cursor = content
    try cursor.seek(to: message.lowerBound, "a tensor")
    var reader = ProtobufReader(try cursor.slice(message.count, "a tensor"))
    var type: ElementType?
    var dimensions: [Int] = []
    while let field = try reader.next() {
      switch field.number {
      case 1: type = TensorFlowDataType(number: try field.count("an element type")).element
      case 2:
        try reader.message(field, "a shape") { (reader) throws(FileError) in
          while let field = try reader.next() {
            guard field.number == 2, dimensions.count <= Shape.maxAxes else { continue }
            dimensions.append(
              try reader.message(field, "an axis") { (reader) throws(FileError) in
                while let field = try reader.next() {
                  if field.number == 1 { return try field.count("an extent") }
                }
                return 0
              })
          }
        }
      default: break
      }
    }
    guard let type, type.isFloatingPoint, !dimensions.isEmpty,
      let shape = Shape(checking: dimensions), shape.count > 0
    else { return nil }
    description = TensorDescription(name: name, type: type, shape: shape)
    self.message = message
  }
}
