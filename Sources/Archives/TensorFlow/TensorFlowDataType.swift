internal import AlbertTensors

/// TensorFlow's number for an element type (tensorflow/core/framework/types.proto).
struct TensorFlowDataType: Equatable, Sendable {
  let number: Int

  /// The type of that number.
  init(number: Int) {
    self.number = number
  }

  /// The number for an element type; nil where TensorFlow has none.
  init?(_ type: ElementType) {
    guard type != .opaque,
      let number = (1...23).first(where: { TensorFlowDataType(number: $0).element == type })
    else { return nil }
    self.init(number: number)
  }

  static let string = TensorFlowDataType(number: 7)
  static let variant = TensorFlowDataType(number: 21)

  /// The element type; `opaque` where a file can hold it but no weight is of it, nil where the
  /// number means nothing.
  var element: ElementType? {
    switch number {
    case 1: .float32
    case 2: .float64
    case 3: .int32
    case 4: .uint8
    case 5: .int16
    case 6: .int8
    case 8: .complex64
    case 9: .int64
    case 10: .bool
    case 14: .bfloat16
    case 17: .uint16
    case 19: .float16
    case 22: .uint32
    case 23: .uint64
    case 7, 11, 12, 13, 15, 16, 18, 21, 24, 25, 29, 30: .opaque
    default: nil
    }
  }

  /// Bytes per element, also of an opaque type; nil where elements differ in length.
  var size: Int? {
    switch number {
    case 7, 21: nil
    case 18: 16  // complex128
    case 13: 4  // qint32
    case 15, 16: 2  // qint16, quint16
    case 11, 12, 24, 25, 29, 30: 1  // qint8, quint8, two float8, int4 and uint4 (a byte each)
    default: element?.size
    }
  }
}
