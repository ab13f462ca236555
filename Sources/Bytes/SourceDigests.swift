internal import Synchronization

/// The SHA-256 of files that are read for something else meanwhile.
final class SourceDigests: Sendable {
  private let values: Values
  private let work: BackgroundWork

  /// Begins with the first of `files`.
  init(_ files: [SourceFile]) {
    // Files of their own over the same descriptors, so that work which nobody waits for ends with the
    // files that it was begun for.
    let files = files.map(\.whole)
    let values = Values(files.count)
    self.values = values
    work = BackgroundWork(files.count) { (index, isWanted) in
      let digest = Result { () throws(FileError) in try files[index].digest(.sha256, isWanted) }
      values.note(index, digest)
    }
  }

  /// One file's, in lower-case hexadecimal digits.
  ///
  /// Throws where the file could not be read.
  func digest(of index: Int) throws(FileError) -> String? {
    work.end()
    return try values[index]?.get()
  }

  private final class Values: Sendable {
    private let values: Mutex<[Result<String, FileError>?]>

    init(_ count: Int) { values = Mutex(Array(repeating: nil, count: count)) }

    func note(_ index: Int, _ value: Result<String, FileError>) {
      values.withLock { $0[index] = value }
    }

    subscript(index: Int) -> Result<String, FileError>? { values.withLock { $0[index] } }
  }
}

extension [SourceFile] {
  /// Begins to take the SHA-256 of all files that have none yet, while others work.
  package func beginDigests() {
    let open = filter { $0.begunDigest.withLock { $0 == nil } }
    guard !open.isEmpty else { return }
    let digests = SourceDigests(open)
    for (index, file) in open.enumerated() {
      file.begunDigest.withLock { $0 = (digests, index) }
    }
  }
}
