internal import AlbertBytes
internal import AlbertTensors

/// The element types of ONNX by their codes (onnx.proto, `TensorProto.DataType`).
enum ONNXElementType {
  /// The type of a code; `opaque` for strings, 128-bit complex numbers and types of less than 8 bits
  /// or of 8 bits with a fraction, which no ALBERT was ever published in.
  static func type(of code: Int) -> ElementType {
    switch code {
    case 1: .float32
    case 2: .uint8
    case 3: .int8
    case 4: .uint16
    case 5: .int16
    case 6: .int32
    case 7: .int64
    case 9: .bool
    case 10: .float16
    case 11: .float64
    case 12: .uint32
    case 13: .uint64
    case 14: .complex64
    case 16: .bfloat16
    default: .opaque
    }
  }

  /// The code of bytes.
  static let byte = 2

  /// What a code of integers of less than 8 bits means, which are packed; nil for other codes.
  static func small(of code: Int) -> ONNXSmallType? {
    switch code {
    case 21: ONNXSmallType(bits: 4, isSigned: false)
    case 22: ONNXSmallType(bits: 4, isSigned: true)
    case 25: ONNXSmallType(bits: 2, isSigned: false)
    case 26: ONNXSmallType(bits: 2, isSigned: true)
    default: nil
    }
  }

  /// The code of a type; throws for `opaque`, which has none.
  static func code(
    of type: ElementType, named name: String, _ path: String
  ) throws(FileError) -> Int {
    guard let code = (1...16).first(where: { self.type(of: $0) == type && type != .opaque }) else {
      throw FileError(
        path, .inexpressible("ONNX has no code for its element type"), tensor: name,
        remedy: "leave the tensor out")
    }
    return code
  }

  /// Whether the code exists at all.
  static func exists(_ code: Int) -> Bool { (1...26).contains(code) }

  /// The number of the typed field that holds elements of a code, as onnx.proto assigns them.
  static func field(of code: Int) -> Int? {
    switch code {
    case 1, 14: ONNXTensorField.floats
    case 2, 3, 4, 5, 6, 9, 10, 16: ONNXTensorField.int32s
    case 7: ONNXTensorField.int64s
    case 11: ONNXTensorField.doubles
    case 12, 13: ONNXTensorField.uint64s
    default: nil
    }
  }
}

/// The numbers of `TensorProto`'s data fields.
enum ONNXTensorField {
  static let floats = 4
  static let int32s = 5
  static let int64s = 7
  static let raw = 9
  static let doubles = 10
  static let uint64s = 11
}
