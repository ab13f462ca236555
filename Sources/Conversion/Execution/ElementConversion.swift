internal import AlbertBytes
internal import AlbertTensors

/// Changes of element type, each rounded to nearest even, with overflow as an error.
enum ElementConversion {
  /// The same numbers as another type; `firstElement` is the index of the span's first.
  ///
  /// Throws where a finite number would become infinite.
  static func convert(
    _ span: RawSpan, from source: ElementType, to target: ElementType, tensor: String,
    path: String, firstElement: Int = 0
  ) throws(FileError) -> [UInt8] {
    guard target.isFloatingPoint else {
      throw FileError(path, .unsupported("a conversion to \(target.name)"), tensor: tensor)
    }
    let count = span.byteCount / source.size
    var result: [UInt8] = []
    result.reserveCapacity(count * target.size)
    for index in 0..<count {
      guard let value = span.double(at: index, of: source) else {
        throw FileError(
          path, .unsupported("a conversion from \(source.name)"), tensor: tensor)
      }
      let bits = target.bits(of: value)
      for byte in 0..<target.size { result.append(UInt8(truncatingIfNeeded: bits >> (8 * byte))) }
      let isLost = value.isFinite && !target.number(ofBits: bits).isFinite
      if isLost {
        throw FileError(
          path,
          .rejected(
            code: "overflow",
            message: "element \(firstElement + index) is \(value), which \(target.name) cannot hold"
          ),
          tensor: tensor, remedy: "convert to f32 or bf16 instead")
      }
    }
    return result
  }
}
