internal import AlbertBytes

/// Float32 memory of our own on a multiple of 64 bytes, not initialised.
@safe final class AlignedFloats: @unchecked Sendable {
  // Unchecked: whoever writes to it has it alone, or has not handed it on yet.
  let base: UnsafeMutablePointer<Float>

  init(count: Int) {
    let size = max(1, count) * MemoryLayout<Float>.stride
    let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
    unsafe Machine.preferLargePages(under: memory, size: size)
    unsafe base = memory.bindMemory(to: Float.self, capacity: max(1, count))
  }

  deinit { unsafe base.deallocate() }

  /// The count that keeps whatever follows on a multiple of 64 bytes.
  static func padded(_ count: Int) -> Int { (count + 15) / 16 * 16 }
}
