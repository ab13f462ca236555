/// Float32 memory of our own on a multiple of 64 bytes, not initialised.
@safe final class AlignedFloats: @unchecked Sendable {
  // Unchecked: whoever writes to it has it alone, or has not handed it on yet.
  let base: UnsafeMutablePointer<Float>

  init(count: Int) {
    unsafe base = UnsafeMutableRawPointer.allocate(
      byteCount: max(1, count) * MemoryLayout<Float>.stride, alignment: 64
    ).bindMemory(to: Float.self, capacity: max(1, count))
  }

  deinit { unsafe base.deallocate() }

  /// The count that keeps whatever follows on a multiple of 64 bytes.
  static func padded(_ count: Int) -> Int { (count + 15) / 16 * 16 }
}
