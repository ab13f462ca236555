package import AlbertBytes
package import AlbertGraphs
package import AlbertTensors

extension GraphValue {
  /// The value that a stored tensor is.
  package init(_ tensor: GraphTensor, path: String) throws(FileError) {
    let bytes = try tensor.bytes()
    guard let value = GraphValue(bytes, tensor.type, tensor.shape) else {
      throw FileError(
        path,
        tensor.type.family == .none
          ? .unsupported("a tensor of \(tensor.type.rawValue)")
          : .mismatch(
            of: "the bytes of \(tensor.type.rawValue) \(tensor.shape)",
            expected: "\(tensor.byteCount)", found: "\(bytes.count)"), tensor: tensor.name)
    }
    self = value
  }

  /// The value that little-endian bytes are, elements of less than a byte packed from the low bits up;
  /// nil where there are too few or too many.
  package init?(_ bytes: [UInt8], _ type: GraphType, _ shape: Shape) {
    let count = shape.count
    if type.bits < 8, type.bits > 0 {
      let perByte = 8 / type.bits
      guard type.family == .integers, bytes.count == (count + perByte - 1) / perByte else {
        return nil
      }
      let integers = (0..<count).map { index in
        type.wrapped(Int64(bytes[index / perByte] >> UInt8(index % perByte * type.bits)))
      }
      self.init(integers, type, shape)
      return
    }
    guard let element = type.elementType, bytes.count == count * element.size else { return nil }
    let span = unsafe bytes.span.bytes
    switch type.family {
    case .numbers: self.init(span.doubles(of: element) ?? [], type, shape)
    case .flags: self.init(bytes.map { $0 != 0 }, shape)
    case .integers:
      self.init(
        (0..<count).map { index in
          switch type {
          case .int8: Int64(span.element(index) as Int8)
          case .int16: Int64(span.element(index) as Int16)
          case .int32: Int64(span.element(index) as Int32)
          case .uint8: Int64(span.element(index) as UInt8)
          case .uint16: Int64(span.element(index) as UInt16)
          case .uint32: Int64(span.element(index) as UInt32)
          default: span.element(index) as Int64
          }
        }, type, shape)
    case .none: return nil
    }
  }

  /// The elements as little-endian bytes of `type`, to which they are rounded; types of less than a byte
  /// have no such form, and nothing is changed but to a floating-point type.
  package func bytes(as element: ElementType) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(count * element.size)
    func append<T: FixedWidthInteger>(_ bits: T) {
      for shift in 0..<T.bitWidth / 8 {
        result.append(UInt8(truncatingIfNeeded: bits >> T(8 * shift)))
      }
    }
    switch storage {
    case .flags(let values): for value in values { result.append(value ? 1 : 0) }
    case .integers(let values):
      for value in values {
        for shift in 0..<element.size {
          result.append(UInt8(truncatingIfNeeded: value >> Int64(8 * shift)))
        }
      }
    case .numbers(let values):
      for value in values {
        switch element {
        case .float16: append(Float16(value).bitPattern)
        case .bfloat16: append(UInt16(Float(element.nearest(value)).bitPattern >> 16))
        case .float32: append(Float(value).bitPattern)
        default: append(value.bitPattern)
        }
      }
    }
    return result
  }
}
