internal import AlbertBytes
internal import AlbertTensors

extension ONNXParser {
  /// `GraphProto`: nodes, tensors, and the names of what goes in and comes out.
  mutating func graph(_ field: ProtobufField) throws(FileError) -> ONNXGraph {
    var graph = ONNXGraph()
    try fields(of: field, "a graph") { (parser, field) throws(FileError) in
      switch field.number {
      case 1: graph.nodes.append(try parser.node(field))
      case 5:
        let tensor = try parser.tensor(field, "an initializer")
        guard !tensor.name.isEmpty else { throw field.malformed("an initializer has no name") }
        graph.initializers.append(tensor)
      case 11: graph.inputs.append(try parser.value(field, "an input of the graph", of: &graph))
      case 12: graph.outputs.append(try parser.value(field, "an output of the graph", of: &graph))
      case 13: _ = try parser.value(field, "a value of the graph", of: &graph)
      case 15: throw try parser.sparse(field)
      default: break
      }
    }
    // Up to version 3 of the format, tensors are listed among the inputs as well.
    let names = Set(graph.initializers.map(\.name))
    graph.inputs.removeAll { names.contains($0) }
    return graph
  }

  /// The error that a sparse initializer is, under the name that its values bear.
  private mutating func sparse(_ field: ProtobufField) throws(FileError) -> FileError {
    var name: String?
    try fields(of: field, "a sparse tensor") { (parser, part) throws(FileError) in
      if part.number == 1 { name = try parser.tensor(part, "a sparse tensor's values").name }
    }
    return FileError(
      field.path, .unsupported("a sparse tensor"), offset: field.offset, tensor: name,
      remedy: "store it as a plain initializer, with its zeros")
  }

  /// `FunctionProto`.
  mutating func function(_ field: ProtobufField) throws(FileError) -> ONNXFunction {
    var function = ONNXFunction()
    try fields(of: field, "a function") { (parser, field) throws(FileError) in
      switch field.number {
      case 1: function.key.name = try parser.name(field, "a function's name")
      case 4: function.inputs.append(try parser.name(field, "a function's input"))
      case 5: function.outputs.append(try parser.name(field, "a function's output"))
      case 7: function.nodes.append(try parser.node(field))
      case 9:
        let (domain, version) = try parser.operatorSet(field)
        function.operatorSets[domain] = version
      case 10:
        function.key.domain = Self.domain(try parser.name(field, "a function's domain"))
      case 11: function.defaults.append(try parser.attribute(field))
      case 13: function.key.overload = try parser.name(field, "a function's overload")
      default: break
      }
    }
    return function
  }

  /// `NodeProto`.
  @inline(never)
  private mutating func node(_ field: ProtobufField) throws(FileError) -> ONNXNode {
    try countNode(field)
    var node = ONNXNode()
    try fields(of: field, "a node") { (parser, field) throws(FileError) in
      switch field.number {
      case 1: node.inputs.append(try parser.name(field, "a node's input"))
      case 2: node.outputs.append(try parser.name(field, "a node's output"))
      case 3: node.name = try parser.name(field, "a node's name")
      case 4: node.operation = try parser.name(field, "a node's operator")
      case 5: node.attributes.append(try parser.attribute(field))
      case 7: node.domain = Self.domain(try parser.name(field, "a node's domain"))
      case 8: node.overload = try parser.name(field, "a node's overload")
      default: break
      }
    }
    guard !node.operation.isEmpty else { throw field.malformed("a node names no operator") }
    return node
  }

  /// `AttributeProto`; which of its fields counts follows from `type`, or from what is there.
  mutating func attribute(_ field: ProtobufField) throws(FileError) -> ONNXAttribute {
    var attribute = ONNXAttribute()
    var integers: [Int] = []
    var numbers: [Double] = []
    var texts: [String] = []
    var type = 0
    try fields(of: field, "an attribute") { (parser, field) throws(FileError) in
      switch field.number {
      case 1: attribute.name = try parser.name(field, "an attribute's name")
      case 2:
        let bits = try field.fixed32("an attribute's number")
        attribute.value = .plain(.number(Double(Float(bitPattern: bits))))
      case 3: attribute.value = .plain(.integer(try field.signed("an attribute's integer")))
      case 4:
        // Some exporters put bytes here that are not text; nobody needs them.
        let bytes = try parser.reader.bytes(field, "an attribute's text", most: 1 << 20)
        attribute.value = .plain(.text(String(decoding: bytes, as: UTF8.self)))
      case 5: attribute.value = .tensor(try parser.tensor(field, "an attribute's tensor"))
      case 6: attribute.value = .graph(try parser.graph(field))
      case 7: try parser.floats(field, into: &numbers)
      case 8:
        try parser.reader.varints(field, "an attribute's integers") { (value) throws(FileError) in
          integers.append(Int(Int64(bitPattern: value)))
        }
      case 9:
        let bytes = try parser.reader.bytes(field, "an attribute's text", most: 1 << 20)
        texts.append(String(decoding: bytes, as: UTF8.self))
      case 10: attribute.value = .plain(.other("tensors"))
      case 11: attribute.value = .plain(.other("graphs"))
      case 14, 15: attribute.value = .plain(.other("a type"))
      case 20: type = try field.signed("an attribute's type")
      case 21: attribute.reference = try parser.name(field, "an attribute's reference")
      case 22, 23: attribute.value = .plain(.other("sparse tensors"))
      default: break
      }
    }
    guard !attribute.name.isEmpty else { throw field.malformed("an attribute has no name") }
    if type == 6 || !numbers.isEmpty { attribute.value = .plain(.numbers(numbers)) }
    if type == 7 || !integers.isEmpty { attribute.value = .plain(.integers(integers)) }
    if type == 8 || !texts.isEmpty { attribute.value = .texts(texts) }
    // proto3 writers leave a zero out.
    if case .plain(.other("nothing")) = attribute.value, attribute.reference == nil {
      switch type {
      case 1: attribute.value = .plain(.number(0))
      case 2: attribute.value = .plain(.integer(0))
      case 3: attribute.value = .plain(.text(""))
      default: break
      }
    }
    return attribute
  }

  /// Floats, packed or one by one.
  private mutating func floats(
    _ field: ProtobufField, into numbers: inout [Double]
  ) throws(FileError) {
    if case .fixed32(let bits) = field.value {
      return numbers.append(Double(Float(bitPattern: bits)))
    }
    let bytes = try reader.bytes(field, "an attribute's numbers")
    guard bytes.count.isMultiple(of: 4) else {
      throw field.malformed("an attribute's numbers do not fill whole floats")
    }
    let span = unsafe bytes.span.bytes
    for index in 0..<bytes.count / 4 {
      numbers.append(Double(Float(bitPattern: span.element(index))))
    }
  }
}
