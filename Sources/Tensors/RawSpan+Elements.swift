internal import CAlbertKernels

extension RawSpan {
  /// The element at `index` of a little-endian array of `type`, as a Double; nil for a type that
  /// has no numeric reading (`complex64`, `opaque`).
  @inlinable
  package func double(at index: Int, of type: ElementType) -> Double? {
    switch type {
    case .float64: Double(bitPattern: element(index))
    case .float32: Double(Float(bitPattern: element(index)))
    case .float16: Double(Float16(bitPattern: element(index)))
    case .bfloat16: Double(Float(bitPattern: UInt32(element(index) as UInt16) << 16))
    case .int64: Double(element(index) as Int64)
    case .int32: Double(element(index) as Int32)
    case .int16: Double(element(index) as Int16)
    case .int8: Double(element(index) as Int8)
    case .uint64: Double(element(index) as UInt64)
    case .uint32: Double(element(index) as UInt32)
    case .uint16: Double(element(index) as UInt16)
    case .uint8: Double(element(index) as UInt8)
    case .bool: element(index) as UInt8 == 0 ? 0 : 1
    case .complex64, .opaque: nil
    }
  }

  /// The little-endian integer at `index`; checked against the span's end, of any alignment.
  @inlinable
  package func element<T: FixedWidthInteger & BitwiseCopyable>(_ index: Int) -> T {
    let size = MemoryLayout<T>.size
    precondition(index >= 0 && index < byteCount / size, "element outside the span")
    return T(littleEndian: unsafe unsafeLoadUnaligned(fromByteOffset: index * size, as: T.self))
  }

  /// All elements as Double; nil for a type that has no numeric reading.
  package func doubles(of type: ElementType) -> [Double]? {
    guard type.size > 0, type != .complex64 else { return nil }
    let count = byteCount / type.size
    guard let code = type.weightCode else {
      return (0..<count).map { double(at: $0, of: type) ?? .nan }
    }
    return unsafe [Double](unsafeUninitializedCapacity: count) { target, filled in
      unsafe withUnsafeBytes { bytes in
        guard let to = target.baseAddress, let from = bytes.baseAddress else {
          return
        }
        unsafe albertkit_widen(to, from, code, count)
        filled = count
      }
    }
  }

  /// All elements as Float, rounded to nearest where the type is wider; nil as for `doubles`.
  package func floats(of type: ElementType) -> [Float]? {
    guard type.size > 0, type != .complex64 else { return nil }
    let count = byteCount / type.size
    switch type {
    case .float32: return (0..<count).map { Float(bitPattern: element($0)) }
    case .float16: return (0..<count).map { Float(Float16(bitPattern: element($0))) }
    case .bfloat16:
      return (0..<count).map { Float(bitPattern: UInt32(element($0) as UInt16) << 16) }
    default: return (0..<count).map { Float(double(at: $0, of: type) ?? .nan) }
    }
  }
}
