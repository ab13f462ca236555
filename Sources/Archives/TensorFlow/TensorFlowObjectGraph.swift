internal import AlbertBytes

/// What a TensorFlow 2 checkpoint says of the Python objects that its tensors were variables of.
///
/// Its tensors are named by a path through those objects, often just by a number
/// (`variables/7/.ATTRIBUTES/VARIABLE_VALUE`); the graph holds the names that the variables had.
package struct TensorFlowObjectGraph: Equatable, Sendable {
  /// One saved variable.
  package struct Variable: Equatable, Sendable {
    /// The name that the variable had in the program that wrote it; may be empty.
    package let fullName: String
    /// The slot that it fills where it is an optimizer's, such as `m`; nil for any other.
    package internal(set) var slot: String?
  }

  /// The variables by their names in the checkpoint.
  package internal(set) var variables: [String: Variable] = [:]

  /// Nodes that are accepted; a model has some hundred.
  private static let maxNodes = 1 << 18
}

extension TensorFlowObjectGraph {
  /// The name under which a checkpoint holds its graph.
  static let key = "_CHECKPOINTABLE_OBJECT_GRAPH"

  /// Parses a `TrackableObjectGraph` (tensorflow/core/protobuf/trackable_object_graph.proto).
  init(_ content: ByteCursor) throws(FileError) {
    var reader = ProtobufReader(content)
    var keys: [[String]] = []
    var slots: [Int: String] = [:]
    while let field = try reader.next() {
      guard field.number == 1 else { continue }
      try FileError.limit(
        keys.count + 1, "the number of objects", most: Self.maxNodes, in: field.path,
        offset: field.offset)
      keys.append(try node(&reader, field, &slots))
    }
    for (node, name) in slots {
      guard keys.indices.contains(node) else {
        throw FileError(
          content.path, .malformed("a slot names object \(node), which does not exist"),
          offset: content.position)
      }
      for key in keys[node] { variables[key]?.slot = name }
    }
  }

  /// Parses one object and returns the names of its tensors.
  private mutating func node(
    _ reader: inout ProtobufReader, _ field: ProtobufField,
    _ slots: inout [Int: String]
  ) throws(FileError) -> [String] {
    var keys: [String] = []
    try reader.message(field, "an object") { (reader) throws(FileError) in
      while let field = try reader.next() {
        switch field.number {
        case 2:
          let (key, name) = try Self.attribute(&reader, field)
          guard !key.isEmpty else { continue }
          variables[key] = Variable(fullName: name)
          keys.append(key)
        case 3:
          let (node, name) = try Self.slot(&reader, field)
          slots[node] = name
        default: break
        }
      }
    }
    return keys
  }

  private static func attribute(
    _ reader: inout ProtobufReader, _ field: ProtobufField
  ) throws(FileError) -> (key: String, name: String) {
    try reader.message(field, "a variable") { (reader) throws(FileError) in
      var (key, name) = ("", "")
      while let field = try reader.next() {
        switch field.number {
        case 2: name = try reader.string(field, "the name of a variable")
        case 3: key = try reader.string(field, "the key of a variable")
        default: break
        }
      }
      return (key, name)
    }
  }

  private static func slot(
    _ reader: inout ProtobufReader, _ field: ProtobufField
  ) throws(FileError) -> (node: Int, name: String) {
    try reader.message(field, "a slot") { (reader) throws(FileError) in
      var (node, name) = (0, "")
      while let field = try reader.next() {
        switch field.number {
        case 2: name = try reader.string(field, "the name of a slot")
        case 3: node = try field.count("the object of a slot")
        default: break
        }
      }
      return (node, name)
    }
  }
}
