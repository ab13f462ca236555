internal import AlbertBytes
internal import AlbertTensors

/// A model's archive and an adapter's as one, in which the adapter's names have a beginning that no
/// model's have.
struct JoinedArchive: TensorArchive {
  private let model: any TensorArchive
  private let adapter: any TensorArchive
  let tensors: [TensorDescription]
  let files: [SourceFile]

  /// The beginning of the adapter's names.
  static let prefix = "adapter/"

  /// Joins two archives; `config` is the adapter's, which belongs to the files.
  init(_ model: any TensorArchive, _ adapter: any TensorArchive, config: SourceFile?) {
    self.model = model
    self.adapter = adapter
    tensors =
      model.tensors
      + adapter.tensors.map {
        TensorDescription(name: Self.prefix + $0.name, type: $0.type, shape: $0.shape)
      }
    files = model.files + adapter.files + (config.map { [$0] } ?? [])
  }

  var format: String { model.format }
  var metadata: ArchiveMetadata { model.metadata }
  var attributes: [String: [String: [String]]] { model.attributes }
  var aliases: [String: String] { model.aliases }
  var storageIdentities: [String: String] { model.storageIdentities }
  var notes: [ArchiveNote] { model.notes + adapter.notes }

  func read(_ name: String, _ body: (RawSpan) throws(FileError) -> Void) throws(FileError) {
    if name.hasPrefix(Self.prefix) {
      try adapter.read(String(name.dropFirst(Self.prefix.count)), body)
    } else {
      try model.read(name, body)
    }
  }

  func place(of name: String) -> TensorPlace? {
    name.hasPrefix(Self.prefix)
      ? adapter.place(of: String(name.dropFirst(Self.prefix.count))) : model.place(of: name)
  }

  func finish() throws(FileError) {
    try model.finish()
    try adapter.finish()
  }
}
