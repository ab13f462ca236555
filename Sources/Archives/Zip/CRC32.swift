internal import AlbertBytes
internal import CAlbertKernels
internal import CAlbertZlib

/// CRC-32, as zip files use it.
package struct CRC32: Sendable {
  /// The checksum of what was given so far.
  package private(set) var value: UInt32 = 0

  /// A checksum of nothing.
  package init() {}

  /// Takes in more bytes: whole blocks through the processor's own instructions where it has them.
  package mutating func update(_ bytes: RawSpan) {
    guard !bytes.isEmpty else { return }
    unsafe bytes.withUnsafeBytes { all in
      let done = unsafe albertkit_crc32_blocks(&value, all.baseAddress, all.count)
      unsafe updatePortably(UnsafeRawBufferPointer(rebasing: all[done...]))
    }
  }

  /// The same through zlib alone, so that tests can hold the two against each other.
  package mutating func updatePortably(_ bytes: RawSpan) {
    unsafe bytes.withUnsafeBytes { unsafe updatePortably($0) }
  }

  private mutating func updatePortably(_ bytes: UnsafeRawBufferPointer) {
    // zlib takes a missing address as a wish to begin anew.
    guard unsafe !bytes.isEmpty, let start = bytes.baseAddress else { return }
    value = unsafe UInt32(
      truncatingIfNeeded: crc32_z(
        UInt(value), start.assumingMemoryBound(to: UInt8.self), bytes.count))
  }

  /// The checksum of what was given so far with `count` bytes behind it whose own is `other`.
  func appending(_ other: UInt32, of count: Int) -> UInt32 {
    UInt32(truncatingIfNeeded: crc32_combine(UInt(value), UInt(other), .init(count)))
  }

  /// Eight hexadecimal digits.
  static func text(_ value: UInt32) -> String {
    String(UInt64(value), radix: 16, digits: 8)
  }
}
