package import AlbertBytes

/// What a container keeps to tell whether a tensor's bytes are those that were written.
package enum TensorDigest: Equatable, Sendable {
  /// The container keeps nothing.
  case none
  /// Zip files' CRC-32, or TensorFlow's CRC-32C, not masked.
  case crc(UInt32)
  /// The native file's XXH3.
  case xxh3(XXH3Digest)

  /// The digests that containers keep.
  package enum Kind: Sendable {
    case none
    case crc32
    case crc32c
    case xxh3
  }

  /// The checksum; 0 where none is kept.
  package var checksum: UInt32 { if case .crc(let value) = self { value } else { 0 } }
}

/// Takes a tensor's digest while its bytes stream by.
package enum TensorHasher: ~Copyable {
  case none
  case crc32(CRC32)
  case crc32c(CRC32C)
  case xxh3(XXH3Hasher)

  /// A digest of nothing.
  package init(_ kind: TensorDigest.Kind) {
    switch kind {
    case .none: self = .none
    case .crc32: self = .crc32(CRC32())
    case .crc32c: self = .crc32c(CRC32C())
    case .xxh3: self = .xxh3(XXH3Hasher())
    }
  }

  /// Takes in more bytes.
  package mutating func update(_ bytes: RawSpan) {
    switch consume self {
    case .none: self = .none
    case .crc32(var crc):
      crc.update(bytes)
      self = .crc32(crc)
    case .crc32c(var crc):
      crc.update(bytes)
      self = .crc32c(crc)
    case .xxh3(var hasher):
      hasher.update(bytes)
      self = .xxh3(hasher)
    }
  }

  /// The digest of what was given so far.
  package var digest: TensorDigest {
    switch self {
    case .none: .none
    case .crc32(let crc): .crc(crc.value)
    case .crc32c(let crc): .crc(crc.value)
    case .xxh3(let hasher): .xxh3(hasher.digest())
    }
  }
}

/// What is known once all tensors are in their places.
package struct WrittenTensors: Sendable {
  /// The digest of each tensor, in the order of the layout's ranges.
  package let digests: [TensorDigest]
  /// SHA-256 of the files that the tensors come from, where the container records them.
  package let sourceDigests: [String]

  /// States what was written.
  package init(_ digests: [TensorDigest], sourceDigests: [String] = []) {
    self.digests = digests
    self.sourceDigests = sourceDigests
  }

  /// The tensors' checksums, in their order.
  package var checksums: [UInt32] { digests.map(\.checksum) }
}
