internal import CAlbertKernels

/// CRC-32C (Castagnoli), in hardware where the processor has it.
package struct CRC32C: Sendable {
  /// The checksum of what was given so far.
  package private(set) var value: UInt32 = 0

  /// A checksum of nothing.
  package init() {}

  /// Takes in more bytes.
  package mutating func update(_ bytes: RawSpan) {
    value = unsafe bytes.withUnsafeBytes {
      unsafe albertkit_crc32c(value, $0.baseAddress, $0.count)
    }
  }

  /// Takes in more bytes through the path for processors without the instruction, which tests hold
  /// against the other.
  mutating func updatePortably(_ bytes: RawSpan) {
    value = unsafe bytes.withUnsafeBytes {
      unsafe albertkit_crc32c_portable(value, $0.baseAddress, $0.count)
    }
  }

  /// The form in which TensorFlow stores it: rotated and offset, so that a checksum over bytes that
  /// hold checksums stays useful (tensorflow/core/lib/hash/crc32c.h, `Mask`).
  package var masked: UInt32 { Self.masked(value) }

  /// The same of a checksum that was taken elsewhere.
  package static func masked(_ value: UInt32) -> UInt32 {
    ((value >> 15) | (value << 17)) &+ 0xa282_ead8
  }

  /// The checksum of `bytes`.
  package static func of(_ bytes: [UInt8]) -> CRC32C {
    var crc = CRC32C()
    unsafe crc.update(bytes.span.bytes)
    return crc
  }
}
