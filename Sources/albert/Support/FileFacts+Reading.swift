import AlbertBytes
import AlbertReports

extension FileFacts {
  /// The facts of files that are read, with their digests where they are wanted.
  ///
  /// Throws where a file cannot be read to its end.
  static func of(_ files: [SourceFile], takesDigests: Bool) throws(FileError) -> [FileFacts] {
    try files.map { (file) throws(FileError) in
      FileFacts(
        path: file.path.string, size: file.size,
        modified: Int(file.identity.modifiedSeconds),
        sha256: takesDigests ? try file.sha256() : nil)
    }
  }
}
