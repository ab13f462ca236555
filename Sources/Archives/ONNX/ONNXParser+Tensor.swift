internal import AlbertBytes
internal import AlbertTensors

extension ONNXParser {
  /// `TensorProto`: its name, type and shape, and where its elements are stated.
  mutating func tensor(
    _ field: ProtobufField, _ what: String
  ) throws(FileError) -> ONNXTensor {
    try countTensor(field)
    let message = try field.range(what)
    var tensor = ONNXTensor()
    tensor.offset = field.offset
    var once = ProtobufOnce()
    var dimensions: [Int] = []
    var typedField: Int?
    var isExternal = false
    var external: [String: String] = [:]
    try fields(of: field, what) { (parser, field) throws(FileError) in
      switch field.number {
      case 1:
        try parser.reader.varints(field, "a tensor's shape") { (value) throws(FileError) in
          guard dimensions.count < Shape.maxAxes else {
            throw field.malformed("a tensor has more than \(Shape.maxAxes) axes")
          }
          dimensions.append(Int(Int64(bitPattern: value)))
        }
      case 2:
        try once.check(field, "a tensor's type")
        tensor.code = try field.signed("a tensor's type")
      case 3:
        throw FileError(field.path, .unsupported("a tensor in segments"), offset: field.offset)
      case ONNXTensorField.floats, ONNXTensorField.int32s, ONNXTensorField.int64s,
        ONNXTensorField.doubles, ONNXTensorField.uint64s:
        guard (typedField ?? field.number) == field.number else {
          throw field.malformed("a tensor states its elements in two ways")
        }
        typedField = field.number
      case 8:
        try once.check(field, "a tensor's name")
        tensor.name = try parser.name(field, "a tensor's name")
      case ONNXTensorField.raw:
        try once.check(field, "a tensor's data")
        tensor.data = .raw(try field.range("a tensor's data"))
      case 13:
        let (key, value) = try parser.entry(field, "a tensor's external data")
        guard external.updateValue(value, forKey: key) == nil else {
          throw field.malformed("the place of a tensor's external data states '\(key)' twice")
        }
      case 14: isExternal = try field.bool("whether a tensor's data are external")
      default: break
      }
    }
    func malformed(_ what: String) -> FileError {
      field.malformed(what).concerning(tensor: tensor.name)
    }
    guard let shape = Shape(checking: dimensions) else {
      throw malformed("the shape \(dimensions) is out of range")
    }
    tensor.shape = shape
    guard ONNXElementType.exists(tensor.code) else {
      throw malformed("element type \(tensor.code) does not exist")
    }
    if isExternal || typedField != nil {
      guard case .none = tensor.data, !isExternal || typedField == nil else {
        throw malformed("a tensor states its elements in two ways")
      }
    }
    if isExternal {
      tensor.data = .external(try place(external, field, tensor.name))
    } else if let typedField {
      tensor.data = .typed(field: typedField, message: message)
    }
    try checkSize(tensor, field)
    return tensor
  }

  /// Where external data lie, from its keys and values.
  private func place(
    _ entries: [String: String], _ field: ProtobufField, _ tensor: String
  ) throws(FileError) -> ONNXExternalData {
    func number(_ key: String) throws(FileError) -> Int? {
      guard let text = entries[key] else { return nil }
      guard let value = Int(text), value >= 0 else {
        throw field.malformed("the \(key) of external data is '\(text)'").concerning(tensor: tensor)
      }
      return value
    }
    guard let location = entries["location"] else {
      throw field.malformed("external data state no location").concerning(tensor: tensor)
    }
    guard location.utf8.count <= Self.longestPath else {
      throw FileError(
        field.path,
        .limit(
          of: "the length of a path of external data", value: location.utf8.count,
          most: Self.longestPath),
        offset: field.offset, tensor: tensor.short)
    }
    return ONNXExternalData(
      location: location, offset: try number("offset") ?? 0, length: try number("length"),
      checksum: entries["checksum"])
  }

  /// Whether the data are as long as type and shape say, as far as that is known without decoding.
  private func checkSize(_ tensor: ONNXTensor, _ field: ProtobufField) throws(FileError) {
    let description = tensor.description
    guard tensor.type != .opaque else { return }
    func check(_ found: Int) throws(FileError) {
      guard found == description.byteCount else {
        throw FileError(
          field.path,
          .mismatch(
            of: "the bytes of \(description.type.name) \(description.shape)",
            expected: "\(description.byteCount)", found: "\(found)"),
          offset: field.offset, tensor: tensor.name)
      }
    }
    switch tensor.data {
    case .none: try check(0)
    case .raw(let range): try check(range.count)
    case .external(let place): if let length = place.length { try check(length) }
    case .typed(let number, let message):
      guard number == ONNXElementType.field(of: tensor.code) else {
        throw field.malformed("\(description.type.name) elements stand in the wrong field")
          .concerning(tensor: tensor.name)
      }
      // Each number takes at least a byte of the message: a huge shape cannot pass for a small file.
      guard description.shape.count <= message.count else {
        throw FileError(
          field.path,
          .truncated(
            what: "the data of \(description.shape)", needed: description.shape.count,
            available: message.count), offset: field.offset, tensor: tensor.name)
      }
    }
  }
}
