internal import CZlib

/// CRC-32, as zip files use it.
public struct CRC32: Sendable {
  /// The checksum of what was given so far.
  public private(set) var value: UInt32 = 0

  /// A checksum of nothing.
  public init() {}

  /// Takes in more bytes.
  public mutating func update(_ bytes: RawSpan) {
    guard !bytes.isEmpty else { return }
    value = unsafe bytes.withUnsafeBytes {
      unsafe UInt32(
        truncatingIfNeeded: crc32_z(
          UInt(value), $0.baseAddress?.assumingMemoryBound(to: UInt8.self), $0.count))
    }
  }

  /// Eight hexadecimal digits.
  static func text(_ value: UInt32) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}
