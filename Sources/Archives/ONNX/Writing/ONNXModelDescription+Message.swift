internal import AlbertBytes
internal import AlbertTensors

/// Where the bytes of a model's tensors go.
enum ONNXPlacement {
  /// Into the model itself, each into a gap of its own.
  case within
  /// Into the file `location` beside it, at these ranges.
  case external(location: String, ranges: [Range<Int>])
}

extension ONNXModelDescription {
  /// The model as `ModelProto`, fields in the order of their numbers.
  ///
  /// Throws where an element type has no code or a name stands for two values.
  func message(_ placement: ONNXPlacement, path: String) throws(FileError) -> ProtobufMessage {
    try checkNames(path)
    var model = ProtobufMessage()
    model.add(1, Self.irVersion)
    model.add(2, producer)
    model.add(3, producerVersion)
    model.add(7, try graph(placement, path))
    var operators = ProtobufMessage()
    operators.add(1, "")
    operators.add(2, Self.operatorSet)
    model.add(8, operators)
    for (key, value) in metadata { model.add(14, ProtobufMessage(key: key, value: value)) }
    return model
  }

  /// `GraphProto`.
  private func graph(
    _ placement: ONNXPlacement, _ path: String
  ) throws(FileError) -> ProtobufMessage {
    var graph = ProtobufMessage()
    for node in nodes { graph.add(1, ProtobufMessage(node)) }
    graph.add(2, name)
    for constant in constants {
      var message = try ProtobufMessage(constant.tensor, path)
      message.add(ONNXTensorField.raw, constant.bytes)
      graph.add(5, message)
    }
    for (index, tensor) in tensors.enumerated() {
      var message = try ProtobufMessage(tensor, path)
      switch placement {
      case .within: message.add(ONNXTensorField.raw, gap: tensor.byteCount)
      case .external(let location, let ranges): message.add(location, ranges[index])
      }
      graph.add(5, message)
    }
    for value in inputs { graph.add(11, try ProtobufMessage(value, path)) }
    for value in outputs { graph.add(12, try ProtobufMessage(value, path)) }
    return graph
  }

  /// Throws where two values would have one name.
  private func checkNames(_ path: String) throws(FileError) {
    var names: Set<String> = []
    let values =
      inputs.map(\.name) + constants.map(\.tensor.name) + tensors.map(\.name)
      + nodes.flatMap(\.outputs)
    for value in values where !names.insert(value).inserted {
      throw FileError(
        path, .inexpressible("a graph cannot have two values named '\(value)'"),
        remedy: "give each one a name of its own")
    }
  }
}

extension ProtobufMessage {
  /// `StringStringEntryProto`.
  fileprivate init(key: String, value: String) {
    self.init()
    add(1, key)
    add(2, value)
  }

  /// `NodeProto`; its settings are sorted by name.
  fileprivate init(_ node: OperatorNode) {
    self.init()
    for input in node.inputs { add(1, input) }
    for output in node.outputs { add(2, output) }
    add(3, node.name)
    add(4, node.operation)
    for (name, value) in node.attributes.sorted(by: { $0.key < $1.key }) {
      if let attribute = ProtobufMessage(name, value) { add(5, attribute) }
    }
    if !node.domain.isEmpty { add(7, node.domain) }
  }

  /// `AttributeProto`; nil for what has no value to write.
  private init?(_ name: String, _ value: OperatorAttribute) {
    self.init()
    add(1, name)
    let type: Int
    switch value {
    case .number(let number):
      add(2, Float(number))
      type = 1
    case .integer(let integer):
      add(3, integer)
      type = 2
    case .text(let text):
      add(4, text)
      type = 3
    case .numbers(let numbers):
      for number in numbers { add(7, Float(number)) }
      type = 6
    case .integers(let integers):
      for integer in integers { add(8, integer) }
      type = 7
    case .other: return nil
    }
    add(20, type)
  }

  /// `TensorProto` without its elements.
  fileprivate init(_ tensor: TensorDescription, _ path: String) throws(FileError) {
    self.init()
    for extent in tensor.shape.dimensions { add(1, extent) }
    add(2, try ONNXElementType.code(of: tensor.type, named: tensor.name, path))
    add(8, tensor.name)
  }

  /// Where a tensor's elements lie in a file of their own.
  fileprivate mutating func add(_ location: String, _ range: Range<Int>) {
    add(13, ProtobufMessage(key: "location", value: location))
    add(13, ProtobufMessage(key: "offset", value: "\(range.lowerBound)"))
    add(13, ProtobufMessage(key: "length", value: "\(range.count)"))
    add(14, 1)
  }

  /// `ValueInfoProto`.
  fileprivate init(_ value: ONNXValue, _ path: String) throws(FileError) {
    var shape = ProtobufMessage()
    for extent in value.extents {
      var dimension = ProtobufMessage()
      switch extent {
      case .fixed(let size): dimension.add(1, size)
      case .named(let name): dimension.add(2, name)
      }
      shape.add(1, dimension)
    }
    var tensor = ProtobufMessage()
    tensor.add(1, try ONNXElementType.code(of: value.type, named: value.name, path))
    tensor.add(2, shape)
    var type = ProtobufMessage()
    type.add(1, tensor)
    self.init()
    add(1, value.name)
    add(2, type)
  }
}
