internal import CCrypto

/// SHA-256 of bytes that stream by, through OpenSSL.
@safe public struct SHA256Hasher: ~Copyable {
  private let context: OpaquePointer

  /// A digest of nothing.
  public init() {
    guard let context = unsafe EVP_MD_CTX_new(),
      unsafe EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1
    else { preconditionFailure("libcrypto offers no SHA-256") }
    unsafe self.context = context
  }

  deinit {
    unsafe EVP_MD_CTX_free(context)
  }

  /// Takes in more bytes.
  public mutating func update(_ bytes: RawSpan) {
    unsafe bytes.withUnsafeBytes {
      unsafe _ = EVP_DigestUpdate(context, $0.baseAddress, $0.count)
    }
  }

  /// The digest as 64 lower-case hexadecimal digits; the hasher is used up.
  public consuming func digest() -> String {
    var bytes = [UInt8](repeating: 0, count: 32)
    var length: UInt32 = 0
    unsafe _ = EVP_DigestFinal_ex(context, &bytes, &length)
    return bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}

extension SourceFile {
  /// SHA-256 of the whole file, read in windows.
  public func sha256() throws(FileError) -> String {
    var hasher = SHA256Hasher()
    var failure: FileError?
    do throws(FileError) {
      try stream(0..<size) { window in hasher.update(window) }
    } catch {
      failure = error
    }
    if let failure { throw failure }
    return hasher.digest()
  }
}
