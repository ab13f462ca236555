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
    let count = span.byteCount / source.size
    var result: [UInt8] = []
    result.reserveCapacity(count * target.size)
    for index in 0..<count {
      guard let value = span.double(at: index, of: source) else {
        throw FileError(
          path, .unsupported("a conversion from \(source.name)"), tensor: tensor)
      }
      let isLost: Bool
      switch target {
      case .float32:
        let narrow = Float(value)
        isLost = narrow.isInfinite && value.isFinite
        append(narrow.bitPattern, to: &result)
      case .float16:
        let narrow = Float16(value)
        isLost = narrow.isInfinite && value.isFinite
        append(narrow.bitPattern, to: &result)
      case .bfloat16:
        let narrow = BFloat16(roundedToOdd(value))
        isLost = narrow.float.isInfinite && value.isFinite
        append(narrow.bitPattern, to: &result)
      default:
        throw FileError(path, .unsupported("a conversion to \(target.name)"), tensor: tensor)
      }
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

  /// The Float32 that rounds on to any narrower type as the number itself would: cut off, with the
  /// last bit set where something was cut.
  private static func roundedToOdd(_ value: Double) -> Float {
    let nearest = Float(value)
    guard value.isFinite, nearest.isFinite, Double(nearest) != value else { return nearest }
    let cut = abs(Double(nearest)) > abs(value) ? nearest.bitPattern - 1 : nearest.bitPattern
    return Float(bitPattern: cut | 1)
  }

  private static func append<T: FixedWidthInteger>(_ value: T, to bytes: inout [UInt8]) {
    for shift in stride(from: 0, to: T.bitWidth, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: value >> T(shift)))
    }
  }
}
