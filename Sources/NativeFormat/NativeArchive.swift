internal import AlbertArchives
package import AlbertBytes
package import AlbertTensors

/// A native file as a container of tensors: whatever is read is held against its digest.
///
/// An archive of archives: the container below stays as it is.
package struct NativeArchive: TensorArchive {
  /// What the file's header says.
  package let header: NativeHeader
  private let base: any TensorArchive
  private let file: SourceFile
  private let digests: [String: XXH3Digest]

  /// The native file `file`, which is open as the container `base`.
  ///
  /// Throws where its header breaks the profile.
  package init(_ base: any TensorArchive, _ file: SourceFile) throws(FileError) {
    header = try NativeHeader(
      reading: file, as: (base as? SafetensorsArchive)?.header)
    self.base = base
    self.file = file
    digests = Dictionary(
      firstOfEach: zip(header.layout.places, header.digests).map { ($0.tensor.name, $1) })
  }

  /// The container's word.
  package var format: String { base.format }
  /// The container's files.
  package var files: [SourceFile] { base.files }
  /// The container's tensors.
  package var tensors: [TensorDescription] { base.tensors }
  /// The container's text about itself.
  package var metadata: ArchiveMetadata { base.metadata }
  /// The container's notes.
  package var notes: [ArchiveNote] { base.notes }

  /// Hands the bytes on as they lie in the file, and throws `checksum` at the end where they are not
  /// those that were written.
  package func read(
    _ name: String, _ body: (RawSpan) throws(FileError) -> Void
  ) throws(FileError) {
    var hasher = XXH3Hasher()
    try base.read(name) { (window) throws(FileError) in
      hasher.update(window)
      try body(window)
    }
    guard let expected = digests[name] else { return }
    let found = hasher.digest()
    if found != expected {
      throw NativeModel.damage(of: name, in: file.path.string, expected: expected, found: found)
    }
  }

  /// Where the container has the tensor; reading it compares it with its digest.
  package func place(of name: String) -> TensorPlace? {
    base.place(of: name).map { TensorPlace($0.file, $0.range, isChecked: true) }
  }

  /// Checks what the container does.
  package func finish() throws(FileError) { try base.finish() }
}
