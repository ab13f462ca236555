package import AlbertTensors

/// What stands before the data of an `.npy` array, version 1.0.
package enum NumPyWriting {
  /// The header's bytes for a row-major array; the data follows them directly.
  package static func header(of tensor: TensorDescription) -> [UInt8] {
    var shape = tensor.shape.dimensions.map(String.init).joined(separator: ", ")
    if tensor.shape.rank == 1 { shape += "," }
    var text =
      "{'descr': '\(NumPyType.word(of: tensor.type))', 'fortran_order': False, 'shape': (\(shape)), }"
    // Magic, version and length are ten bytes; the data begins at a multiple of 64.
    text += String(repeating: " ", count: 63 - (10 + text.utf8.count) % 64) + "\n"
    let length = text.utf8.count
    return [0x93] + Array("NUMPY".utf8)
      + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8 & 0xFF)] + Array(text.utf8)
  }
}
