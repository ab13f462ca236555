internal import AlbertBytes
internal import AlbertTensors

extension [ArchiveNote] {
  /// Adds a note.
  mutating func add(
    _ severity: ArchiveNote.Severity, code: String, message: String, remedy: Remedy = "",
    tensor: String? = nil
  ) {
    append(
      ArchiveNote(severity, code: code, message: message, remedy: remedy, tensor: tensor))
  }
}
