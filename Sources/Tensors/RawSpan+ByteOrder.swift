extension RawSpan {
  /// A copy with the bytes of every `unit` bytes in reverse order, which turns big-endian numbers
  /// into little-endian ones.
  ///
  /// A complex number has two units.
  package func byteSwapped(unit: Int) -> [UInt8] {
    precondition(unit > 0 && byteCount % unit == 0, "the span ends inside a number")
    switch unit {
    case 2: return swapped(as: UInt16.self)
    case 4: return swapped(as: UInt32.self)
    case 8: return swapped(as: UInt64.self)
    default: return unsafe withUnsafeBytes { unsafe Array($0) }
    }
  }

  private func swapped<T: FixedWidthInteger & BitwiseCopyable>(as type: T.Type) -> [UInt8] {
    unsafe withUnsafeBytes { source in
      unsafe [UInt8](unsafeUninitializedCapacity: source.count) { target, count in
        let target = UnsafeMutableRawBufferPointer(target)
        for offset in stride(from: 0, to: source.count, by: MemoryLayout<T>.size) {
          let value = unsafe source.loadUnaligned(fromByteOffset: offset, as: type)
          unsafe target.storeBytes(of: value.byteSwapped, toByteOffset: offset, as: type)
        }
        count = source.count
      }
    }
  }
}
