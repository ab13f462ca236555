internal import AlbertBytes
internal import AlbertTensors

extension ONNXParser {
  /// `ValueInfoProto`: its name; what it says of type and shape joins the values of `graph`.
  @inline(never)
  mutating func value(
    _ field: ProtobufField, _ what: String, of graph: inout ONNXGraph
  ) throws(FileError) -> String {
    var name = ""
    var statement = ONNXValueStatement()
    try fields(of: field, what) { (parser, field) throws(FileError) in
      switch field.number {
      case 1: name = try parser.name(field, "the name of \(what)")
      case 2: statement = try parser.type(field)
      default: break
      }
    }
    graph.values[name] = statement
    return name
  }

  /// `TypeProto`.
  private mutating func type(_ field: ProtobufField) throws(FileError) -> ONNXValueStatement {
    var statement = ONNXValueStatement()
    try fields(of: field, "a value's type") { (parser, field) throws(FileError) in
      switch field.number {
      case 1: try parser.tensorType(field, into: &statement)
      case 4: statement.otherKind = "a sequence"
      case 5: statement.otherKind = "a map"
      case 7: statement.otherKind = "an opaque value"
      case 8: statement.otherKind = "a sparse tensor"
      case 9: statement.otherKind = "an optional value"
      default: break
      }
    }
    return statement
  }

  /// `TypeProto.Tensor`.
  private mutating func tensorType(
    _ field: ProtobufField, into statement: inout ONNXValueStatement
  ) throws(FileError) {
    var code: Int?
    var extents: [(size: Int?, name: String?)]?
    try fields(of: field, "a tensor's type") { (parser, field) throws(FileError) in
      switch field.number {
      case 1: code = try field.signed("an element type")
      case 2:
        var list: [(size: Int?, name: String?)] = []
        try parser.fields(of: field, "a shape") { (parser, field) throws(FileError) in
          guard field.number == 1 else { return }
          guard list.count < Shape.maxAxes else {
            throw field.malformed("a value has more than \(Shape.maxAxes) axes")
          }
          list.append(try parser.extent(field))
        }
        extents = list
      default: break
      }
    }
    statement.code = code
    statement.extents = extents
  }

  /// `TensorShapeProto.Dimension`.
  private mutating func extent(
    _ field: ProtobufField
  ) throws(FileError) -> (size: Int?, name: String?) {
    var size: Int?
    var name: String?
    try fields(of: field, "an extent") { (parser, field) throws(FileError) in
      switch field.number {
      case 1: size = try field.signed("an extent")
      case 2: name = try parser.name(field, "the name of an extent")
      default: break
      }
    }
    return (size, name)
  }
}
