internal import CAlbertCrypto

/// A digest of bytes that stream by, through OpenSSL.
@safe package struct SHAHasher: ~Copyable {
  /// The function.
  package enum Kind: Sendable {
    /// What ONNX states of files beside a model; good against accidents only.
    case sha1
    case sha256
  }

  private let context: OpaquePointer

  /// A digest of nothing.
  package init(_ kind: Kind) {
    guard let context = unsafe EVP_MD_CTX_new(),
      unsafe EVP_DigestInit_ex(context, kind == .sha1 ? EVP_sha1() : EVP_sha256(), nil) == 1
    else { preconditionFailure("libcrypto offers no \(kind)") }
    unsafe self.context = context
  }

  deinit {
    unsafe EVP_MD_CTX_free(context)
  }

  /// Takes in more bytes.
  package mutating func update(_ bytes: RawSpan) {
    unsafe bytes.withUnsafeBytes {
      unsafe _ = EVP_DigestUpdate(context, $0.baseAddress, $0.count)
    }
  }

  /// The digest as lower-case hexadecimal digits; the hasher is used up.
  package consuming func digest() -> String {
    var bytes = [UInt8](repeating: 0, count: 32)
    var length: UInt32 = 0
    unsafe _ = EVP_DigestFinal_ex(context, &bytes, &length)
    return bytes.prefix(Int(length)).hexadecimal
  }
}

extension SourceFile {
  /// SHA-256 of the whole file, read in windows, where it was not begun before.
  package func sha256() throws(FileError) -> String {
    if let (work, index) = begunDigest.withLock(\.self), let begun = try work.digest(of: index) {
      return begun
    }
    return try digest(.sha256)
  }

  /// A digest of the whole file, read in windows.
  ///
  /// Throws `cancelled` where it is no longer wanted.
  package func digest(
    _ kind: SHAHasher.Kind, _ isWanted: () -> Bool = { true }
  ) throws(FileError) -> String {
    var hasher = SHAHasher(kind)
    var failure: FileError?
    do throws(FileError) {
      try stream(0..<size) { (window) throws(FileError) in
        guard isWanted() else { throw FileError(path.string, .cancelled) }
        hasher.update(window)
      }
    } catch {
      failure = error
    }
    if let failure { throw failure }
    return hasher.digest()
  }
}

extension Sequence<UInt8> {
  /// Two digits for each byte.
  package var hexadecimal: String {
    map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
