/// Something that takes bytes at absolute offsets, from any thread for ranges of its own.
package protocol ByteSink: Sendable {
  /// Writes `bytes` at `offset`.
  func write(_ bytes: RawSpan, at offset: Int) throws(FileError)
}

/// Memory of fixed size that takes bytes, and gives them back to be read in place.
@safe package final class MemorySink: ByteSink, @unchecked Sendable {
  // Unchecked: writers keep to ranges of their own, as the protocol demands.
  private let buffer: UnsafeMutableRawBufferPointer
  private let mapping: MappedBytes

  /// Zeroed memory of `count` bytes.
  package init(count: Int) throws(FileError) {
    var inside = unsafe UnsafeMutableRawBufferPointer(start: nil, count: 0)
    unsafe mapping = try MappedBytes(count: count) { (memory) throws(FileError) in
      unsafe inside = memory
    }
    unsafe buffer = inside
  }

  /// Copies `bytes` to `offset`, which must leave room for them.
  package func write(_ bytes: RawSpan, at offset: Int) throws(FileError) {
    precondition(
      offset >= 0 && bytes.byteCount <= mapping.count - offset, "write outside the memory")
    unsafe bytes.withUnsafeBytes { source in
      unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[offset..<offset + source.count])
        .copyMemory(from: source)
    }
  }

  /// The memory; nothing may be written once somebody reads it.
  package var bytes: MappedBytes { mapping }
}
