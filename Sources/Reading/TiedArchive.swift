internal import AlbertBytes
internal import AlbertTensors

/// An archive in which one tensor has a second name: that of the word embeddings, which were saved under
/// the name of what is tied to them.
struct TiedArchive: TensorArchive {
  private let archive: any TensorArchive
  /// The further name, and the tensor that it means.
  private let alias: (name: String, tensor: TensorDescription)

  /// Gives `tensor` the further name `name`.
  init(_ archive: any TensorArchive, _ tensor: TensorDescription, as name: String) {
    self.archive = archive
    alias = (name, tensor)
  }

  var format: String { archive.format }
  var files: [SourceFile] { archive.files }
  var metadata: ArchiveMetadata { archive.metadata }
  var attributes: [String: [String: [String]]] { archive.attributes }
  var graph: OperatorGraph? { archive.graph }
  var aliases: [String: String] { archive.aliases }

  var tensors: [TensorDescription] {
    archive.tensors + [
      TensorDescription(name: alias.name, type: alias.tensor.type, shape: alias.tensor.shape)
    ]
  }

  var storageIdentities: [String: String] {
    var identities = archive.storageIdentities
    let place = identities[alias.tensor.name] ?? alias.tensor.name
    identities[alias.tensor.name] = place
    identities[alias.name] = place
    return identities
  }

  var notes: [ArchiveNote] {
    archive.notes + [
      ArchiveNote(
        .note, code: "tied-by-request",
        message: "the word embeddings are '\(alias.tensor.name)', as the caller says")
    ]
  }

  func read(_ name: String, _ body: (RawSpan) throws(FileError) -> Void) throws(FileError) {
    try archive.read(name == alias.name ? alias.tensor.name : name, body)
  }

  func place(of name: String) -> TensorPlace? {
    archive.place(of: name == alias.name ? alias.tensor.name : name)
  }

  func finish() throws(FileError) { try archive.finish() }
}
