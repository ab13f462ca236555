/// The constants of the native file: what it adds to safetensors (see schemas/native-format.md).
package enum NativeProfile {
  /// The version in `albert.profile`.
  package static let version = "1"
  /// Tensor data starts at a multiple of this, the page size of systems with large pages.
  package static let dataAlignment = 16384
  /// The largest power of two by which tensors are ordered.
  package static let tensorAlignment = 64
  /// The largest header that is read, in bytes.
  package static let largestHeader = 100 << 20

  /// The keys of `__metadata__`, in their order in the file.
  package enum Key: String, CaseIterable, Sendable {
    case format
    case profile = "albert.profile"
    case tool = "albert.tool"
    case config = "albert.config"
    case source = "albert.source"
    case digests = "albert.digests"
    /// There only where the source had a tokenizer.
    case tokenizer = "albert.tokenizer"
    /// There only where the source says how a text's vector is made.
    case pooling = "albert.pooling"
    case headerDigest = "albert.header_digest"
  }

  /// The value of `format` in a file that transformers may load.
  static let torchFormat = "pt"
  /// The value of `format` in a file with 8-bit integers, which transformers must refuse.
  static let integerFormat = "albert-i8"
}
