package import AlbertBytes

/// A container that is laid out before a tensor is read: where each one's bytes go, and what stands
/// around them.
///
/// Writing has always the same order. A layout is made of the tensors' descriptions; their bytes are
/// streamed to `ranges`, by any thread and in any order; `finish` writes all else once the checksums
/// of what streamed by are known. No layout holds a tensor's bytes.
package protocol ArchiveLayout: Sendable {
  /// Where the bytes of each tensor go, in the order in which the tensors were given.
  var ranges: [Range<Int>] { get }

  /// The ranges that the bytes of the tensor at `index` fill one after another; all but one of them
  /// only where the container writes large tensors in pieces.
  func pieces(of index: Int) -> [Range<Int>]

  /// The size of the whole file.
  var byteCount: Int { get }

  /// Which checksum of each tensor the container keeps.
  var checksum: TensorChecksum.Kind { get }

  /// Writes everything but the tensors' bytes; `checksums` stand in the order of `ranges`.
  func finish(_ checksums: [UInt32], to sink: some ByteSink) throws(FileError)
}

extension ArchiveLayout {
  /// The tensor's range alone.
  package func pieces(of index: Int) -> [Range<Int>] { [ranges[index]] }
}

/// A checksum of a tensor that is taken while its bytes stream by.
package enum TensorChecksum: Sendable {
  case none
  case crc32(CRC32)
  case crc32c(CRC32C)

  /// The checksums that containers keep.
  package enum Kind: Sendable {
    /// The container keeps none.
    case none
    /// Zip files' CRC-32.
    case crc32
    /// TensorFlow's CRC-32C, not masked.
    case crc32c
  }

  /// A checksum of nothing.
  package init(_ kind: Kind) {
    self =
      switch kind {
      case .none: .none
      case .crc32: .crc32(CRC32())
      case .crc32c: .crc32c(CRC32C())
      }
  }

  /// Takes in more bytes.
  package mutating func update(_ bytes: RawSpan) {
    switch self {
    case .none: break
    case .crc32(var crc):
      crc.update(bytes)
      self = .crc32(crc)
    case .crc32c(var crc):
      crc.update(bytes)
      self = .crc32c(crc)
    }
  }

  /// The checksum of what was given so far; 0 where none is taken.
  package var value: UInt32 {
    switch self {
    case .none: 0
    case .crc32(let crc): crc.value
    case .crc32c(let crc): crc.value
    }
  }
}
