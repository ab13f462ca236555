package import AlbertBytes
package import AlbertGraphs
package import AlbertTensors

extension GraphValue {
  /// The value that a stored tensor is.
  package convenience init(_ tensor: GraphTensor, path: String) throws(FileError) {
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
    self.init(value.type, value.shape, value.storage)
  }

  /// The value that little-endian bytes are, elements of less than a byte packed from the low bits up;
  /// nil where there are too few or too many.
  package convenience init?(_ bytes: [UInt8], _ type: GraphType, _ shape: Shape) {
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
    func bytes<N, T: FixedWidthInteger & BitwiseCopyable>(
      _ numbers: [N], _ bits: (N) -> T
    ) -> [UInt8] {
      let size = MemoryLayout<T>.size
      return unsafe [UInt8](unsafeUninitializedCapacity: numbers.count * size) { buffer, filled in
        let target = UnsafeMutableRawBufferPointer(buffer)
        for (index, number) in numbers.enumerated() {
          unsafe target.storeBytes(
            of: bits(number).littleEndian, toByteOffset: index * size, as: T.self)
        }
        filled = numbers.count * size
      }
    }
    switch (storage, element) {
    case (.flags(let values), _): return values.map { $0 ? 1 : 0 }
    case (.integers(let values), _):
      switch element.size {
      case 1: return bytes(values) { UInt8(truncatingIfNeeded: $0) }
      case 2: return bytes(values) { UInt16(truncatingIfNeeded: $0) }
      case 4: return bytes(values) { UInt32(truncatingIfNeeded: $0) }
      default: return bytes(values) { UInt64(truncatingIfNeeded: $0) }
      }
    case (.numbers(let values), .float16): return bytes(values) { Float16($0).bitPattern }
    case (.numbers(let values), .bfloat16):
      return bytes(values) { UInt16(Float(element.nearest($0)).bitPattern >> 16) }
    case (.numbers(let values), .float32): return bytes(values) { Float($0).bitPattern }
    case (.numbers(let values), _): return bytes(values) { $0.bitPattern }
    }
  }
}
