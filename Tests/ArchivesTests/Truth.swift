import AlbertBytes
import AlbertJSON
import SystemPackage
import AlbertTensors

/// What the upstream libraries say of the fixtures, recorded beside them.
enum Truth {
  /// SHA-256 of each weight of the small model as NumPy holds it, by Hugging Face's names.
  static func tinyA() throws -> [String: String] {
    let members = try document("tiny-a-sha256.json").members ?? []
    return Dictionary(uniqueKeysWithValues: members.map { ($0.key, $0.value.string ?? "") })
  }

  static func document(_ name: String) throws -> JSONValue {
    try JSONValue.parse(SourceFile(Fixture.path(name)))
  }
}

extension TensorArchive {
  /// SHA-256 of a tensor's logical bytes.
  func sha256(of name: String) throws -> String {
    var bytes: [UInt8] = []
    try read(name) { (window) throws(FileError) in
      unsafe window.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
    }
    var hasher = SHAHasher(.sha256)
    unsafe hasher.update(bytes.span.bytes)
    return hasher.digest()
  }

  /// Reads every tensor and discards it.
  func readAll() throws {
    for tensor in tensors where tensor.type != .opaque {
      var count = 0
      try read(tensor.name) { (window) throws(FileError) in count += window.byteCount }
      guard count == tensor.byteCount else {
        throw FileError(
          "test", .mismatch(of: "bytes", expected: "\(tensor.byteCount)", found: "\(count)"))
      }
    }
    try finish()
  }
}
