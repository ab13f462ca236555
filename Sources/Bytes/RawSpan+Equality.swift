internal import AlbertPlatform

extension RawSpan {
  /// Whether the bytes are the same.
  package func isEqual(to other: RawSpan) -> Bool {
    guard byteCount == other.byteCount else { return false }
    return unsafe withUnsafeBytes { mine in
      unsafe other.withUnsafeBytes { theirs in
        guard let a = mine.baseAddress, let b = theirs.baseAddress else { return true }
        return unsafe a == b || memcmp(a, b, mine.count) == 0
      }
    }
  }

  /// Whether there is nothing but zeros: each byte is the next one's equal, and the first is zero.
  package var isZero: Bool {
    unsafe withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress, bytes.count > 0 else { return true }
      return unsafe bytes[0] == 0 && memcmp(base, base + 1, bytes.count - 1) == 0
    }
  }
}
