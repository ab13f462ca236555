internal import AlbertBytes
internal import AlbertTensors

/// bitsandbytes' LLM.int8(): integers and, for each row, the largest number in it.
///
/// A number is (integer × largest) × Float(1/127), as `int8_vectorwise_dequant` has it
/// (bitsandbytes/functional.py); the file states no type for it, so that it stays float32.
enum BitsAndBytes8: Quantizer {
  static let title = "bitsandbytes (8 bits)"

  private static let factor: Float = 0.007874015718698502

  static func matrices(_ archive: QuantizedArchive) throws(FileError) -> [any DerivedTensor] {
    var matrices: [any DerivedTensor] = []
    for (stem, scales) in archive.named(".SCB") {
      let name = stem + ".weight"
      guard let data = archive.tensors[name], data.type == .int8, data.shape.rank == 2,
        scales.type.isFloatingPoint, scales.shape.count == data.shape.dimensions[0]
      else { throw archive.error(title, name, "there is not an integer for each element") }
      var parts = [name, scales.name]
      if let layout = archive.tensors[stem + ".weight_format"] {
        guard layout.byteCount == 1, try archive.archive.bytes(of: layout) == [0] else {
          throw archive.error(title, name, "the rows are put in an order of a kernel's own")
        }
        parts.append(layout.name)
      }
      matrices.append(
        QuantizedMatrix(
          tensor: TensorDescription(name: name, type: .float32, shape: data.shape), parts: parts,
          data: data, codes: .signedBytes(data.shape), formula: .scaled(by: factor),
          scales: .stored(scales), places: .flat(block: max(1, data.shape.dimensions[1]))))
    }
    return matrices
  }
}

extension PackedCodes {
  /// An integer of 8 bits for each element of a matrix.
  static func signedBytes(_ shape: Shape) -> PackedCodes {
    PackedCodes(bits: 8, isSigned: true, rowBytes: max(1, shape.count), rowCount: shape.count)
  }
}
