internal import AlbertBytes
internal import Synchronization

/// The digests that a model states of the files beside it.
final class ONNXChecksums: Sendable {
  /// What a tensor states of the file that its data lie in.
  struct Statement: Hashable {
    let location: String
    let digest: String
  }

  private let files: [(file: SourceFile, digest: String)]
  private let isVerified = Atomic(false)

  /// ONNX says that the digest is SHA-1; what has another length is something else, and says nothing.
  init(_ statements: Set<Statement>, _ files: [String: SourceFile]) {
    self.files = statements.filter { $0.digest.utf8.count == 40 }.compactMap { statement in
      files[statement.location].map { ($0, statement.digest) }
    }
  }

  /// Reads each of the files once.
  ///
  /// Throws `checksum` for the first that is not what the model states.
  func verify() throws(FileError) {
    if isVerified.load(ordering: .relaxed) { return }
    for (file, expected) in files {
      let found = try file.digest(.sha1)
      guard found == expected else {
        throw FileError(
          file.path.string,
          .checksum(of: "the data file", expected: expected, found: found),
          remedy: "download or copy the model and its data again, from one place")
      }
    }
    isVerified.store(true, ordering: .relaxed)
  }
}
