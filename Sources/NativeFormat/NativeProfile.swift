/// The constants of the native file: what it adds to safetensors (see schemas/native-format.md).
public enum NativeProfile {
  /// The version in `albert.profile`.
  public static let version = "1"
  /// The usual extension.
  public static let fileExtension = "albert"
  /// Tensor data starts at a multiple of this, the page size of systems with large pages.
  public static let dataAlignment = 16384
  /// The largest power of two by which tensors are ordered.
  public static let tensorAlignment = 64
  /// The largest header that is read, in bytes.
  public static let largestHeader = 100 << 20

  /// The keys of `__metadata__`, in their order in the file.
  public enum Key: String, CaseIterable, Sendable {
    case format
    case profile = "albert.profile"
    case tool = "albert.tool"
    case config = "albert.config"
    case source = "albert.source"
    case digests = "albert.digests"
    case headerDigest = "albert.header_digest"
  }

  /// The value of `format` in a file that transformers may load.
  static let torchFormat = "pt"
  /// The value of `format` in a file with 8-bit integers, which transformers must refuse.
  static let integerFormat = "albert-i8"
}
