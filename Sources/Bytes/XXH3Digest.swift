internal import CAlbertXXHash

/// A 128-bit XXH3 digest, in its canonical big-endian form.
package struct XXH3Digest: Equatable, Hashable, Sendable, CustomStringConvertible {
  /// The upper half.
  package let high: UInt64
  /// The lower half.
  package let low: UInt64

  /// 32 lower-case hexadecimal digits.
  package var description: String {
    [high, low].map { String($0, radix: 16, digits: 16) }.joined()
  }

  /// Reads what `description` writes; nil for anything else.
  package init?(hexadecimal text: String) {
    let digits = Array(text.utf8)
    guard digits.count == 32,
      digits.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }),
      let high = UInt64(text.prefix(16), radix: 16), let low = UInt64(text.suffix(16), radix: 16)
    else { return nil }
    self.init(high: high, low: low)
  }

  init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// The digest of `bytes`.
  package static func of(_ bytes: RawSpan) -> XXH3Digest {
    let hash = unsafe bytes.withUnsafeBytes { unsafe XXH3_128bits($0.baseAddress, $0.count) }
    return XXH3Digest(high: hash.high64, low: hash.low64)
  }
}

/// A digest that is taken while bytes stream by.
@safe package struct XXH3Hasher: ~Copyable {
  private let state: OpaquePointer

  /// A digest of nothing.
  ///
  /// The state must come from the library, which aligns it to 64 bytes.
  package init() {
    guard let state = unsafe XXH3_createState() else {
      preconditionFailure("no memory for a digest's state of 576 bytes")
    }
    unsafe self.state = state
    unsafe XXH3_128bits_reset(state)
  }

  deinit {
    unsafe XXH3_freeState(state)
  }

  /// Takes in more bytes.
  package mutating func update(_ bytes: RawSpan) {
    unsafe bytes.withUnsafeBytes {
      unsafe _ = XXH3_128bits_update(state, $0.baseAddress, $0.count)
    }
  }

  /// The digest of what was given so far.
  package func digest() -> XXH3Digest {
    let hash = unsafe XXH3_128bits_digest(state)
    return XXH3Digest(high: hash.high64, low: hash.low64)
  }
}
