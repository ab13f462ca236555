package import AlbertTensors

/// What stands before the data of an `.npy` array, version 1.0.
package enum NumPyWriting {
  /// The header's bytes for a row-major array; the data follows them directly.
  package static func header(of tensor: TensorDescription) -> [UInt8] {
    var shape = tensor.shape.dimensions.map(String.init).joined(separator: ", ")
    if tensor.shape.rank == 1 { shape += "," }
    var text = "{'descr': '\(descr(tensor.type))', 'fortran_order': False, 'shape': (\(shape)), }"
    // Magic, version and length are ten bytes; the data begins at a multiple of 64.
    text += String(repeating: " ", count: 63 - (10 + text.utf8.count) % 64) + "\n"
    let length = text.utf8.count
    return [0x93] + Array("NUMPY".utf8)
      + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8 & 0xFF)] + Array(text.utf8)
  }

  /// NumPy's word for an element type; bfloat16 is two bytes without meaning there.
  private static func descr(_ type: ElementType) -> String {
    switch type {
    case .float64: "<f8"
    case .float32: "<f4"
    case .float16: "<f2"
    case .bfloat16: "|V2"
    case .int64: "<i8"
    case .int32: "<i4"
    case .int16: "<i2"
    case .int8: "|i1"
    case .uint64: "<u8"
    case .uint32: "<u4"
    case .uint16: "<u2"
    case .uint8: "|u1"
    case .bool: "|b1"
    case .complex64: "<c8"
    case .opaque: "|V0"
    }
  }
}
