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
}
