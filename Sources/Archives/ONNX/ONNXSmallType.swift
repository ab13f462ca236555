internal import AlbertBytes
internal import AlbertTensors

/// Integers whose values are packed, or could be.
struct ONNXSmallType: Equatable {
  let bits: Int
  let isSigned: Bool

  /// Bytes that `count` of them take.
  func bytes(_ count: Int) -> Int {
    let (whole, rest) = count.quotientAndRemainder(dividingBy: 8)
    return whole * bits + (rest * bits + 7) / 8
  }
}

extension ONNXTensor {
  /// The element type, where it is an integer of less than 8 bits.
  var smallType: ONNXSmallType? { ONNXElementType.small(of: code) }

  /// A tensor of less than 8 bits per element as the bytes that it is packed into, without which
  /// `size` of the file's own there is an error.
  func packed(as type: ONNXSmallType, path: String) throws(FileError) -> ONNXTensor {
    var result = self
    let count = type.bytes(shape.count)
    result.code = ONNXElementType.byte
    result.isPacked = true
    result.shape = Shape([count])
    let found: Int? =
      switch data {
      case .none: 0
      case .raw(let range): range.count
      case .external(let place): place.length
      case .typed(let field, _): field == ONNXTensorField.int32s ? nil : -1
      }
    guard found == nil || found == count else {
      throw FileError(
        path,
        .mismatch(
          of: "the bytes of \(shape) in \(type.bits) bits each", expected: "\(count)",
          found: found == -1 ? "numbers in the wrong field" : "\(found ?? 0)"),
        offset: offset, tensor: name)
    }
    return result
  }
}
