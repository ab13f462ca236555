internal import AlbertArchitecture
internal import AlbertArchives
internal import AlbertBytes
internal import SystemPackage
internal import AlbertTensors
internal import AlbertUpstreams

extension Inspection {
  /// The archive with the word embeddings under their own name, where the caller says which tensor they
  /// are.
  ///
  /// Throws where there is no such tensor, or where the word embeddings are not what is missing.
  static func tied(
    _ archive: any TensorArchive, _ path: FilePath, _ options: InspectionOptions
  ) throws(FileError) -> any TensorArchive {
    guard let name = options.tie else { return archive }
    guard let tensor = archive.tensors.first(where: { $0.name == name }) else {
      throw FileError(
        path.string, .missing("a tensor of this name"), tensor: name,
        remedy: "list the tensors with \(.tensorList)")
    }
    guard let missing = missing(archive) else {
      throw FileError(
        path.string,
        .rejected(
          code: "nothing-to-tie",
          message:
            "the word embeddings are not what is missing, so that '\(name)' cannot take their "
            + "place"), remedy: "leave \(.tie()) out")
    }
    return TiedArchive(archive, tensor, as: missing.name)
  }

  /// The error for a file that lacks the word embeddings alone, with the tensors that have their width.
  static func missingWordTable(_ archive: any TensorArchive, path: FilePath) -> FileError? {
    guard let missing = missing(archive) else { return nil }
    let fitting = archive.tensors.filter(missing.mayBe)
    let shown = fitting.prefix(3).map { "'\($0.name)' \($0.shape)" }.joined(separator: ", ")
    let found =
      fitting.isEmpty
      ? "no other tensor has their width"
      : shown + (fitting.count == 1 ? " has their shape" : " have their width")
    return FileError(
      path.string,
      .rejected(
        code: "word-table-missing",
        message: "of an ALBERT the word embeddings '\(missing.name)' alone are missing; \(found)"),
      remedy: fitting.first.map {
        "if they were saved under the name of what is tied to them, say so with \(.tie($0.name))"
      } ?? "name the whole checkpoint")
  }

  private static func missing(_ archive: any TensorArchive) -> MissingWordTable? {
    for names in TensorNames(archive).choices {
      let file = FileNames(
        names, shapes: archive.tensors.map(\.shape), groups: Set(archive.attributes.keys))
      guard UpstreamRegistry.candidates(for: file, format: archive.format).isEmpty else {
        return nil
      }
      if let table = UpstreamRegistry.missingWordTable(in: file, format: archive.format) {
        return table
      }
    }
    return nil
  }
}
