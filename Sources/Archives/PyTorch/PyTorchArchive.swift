package import AlbertBytes
package import SystemPackage
package import AlbertTensors

/// The tensors of one file that PyTorch wrote, or of all shards of a checkpoint.
package struct PyTorchArchive: TensorArchive {
  /// `pytorch`.
  package let format = PyTorchFormat.name
  /// The file, or the one that was named and then index and shards.
  package let files: [SourceFile]
  /// All tensors in the order of their data, shard by shard; those that cannot be read are opaque.
  package let tensors: [TensorDescription]
  /// The config that a pickle carries beside its tensors, under `pickled_config`.
  package let metadata: ArchiveMetadata
  /// File, storage, place and shape of each tensor.
  package let storageIdentities: [String: String]
  /// What the pickles wanted beyond tensors, which tensors cannot be read, and that a shard was
  /// opened without the others.
  package let notes: [ArchiveNote]

  private let parts: [TorchFile]
  private let places: [String: (part: Int, entry: Int)]

  /// Opens one file; reads its pickle and no tensor's data.
  package init(_ path: FilePath) throws(FileError) {
    let file = try SourceFile(path)
    let part = try Self.part(file)
    guard !part.isFrozen else {
      throw FileError(
        path.string,
        .rejected(
          code: "frozen-torchscript",
          message:
            "this TorchScript was frozen, which turns parameters into constants without names"),
        remedy: "name the model as it was before torch.jit.freeze, or its state_dict")
    }
    guard !part.entries.isEmpty else {
      let wanted = part.extras.isEmpty ? "" : ", only objects of \(part.extras.counted())"
      throw FileError(
        path.string, .malformed("the pickle holds no tensor\(wanted)"),
        remedy: "name the file that holds the model's weights")
    }
    self.init([part], files: [file], ShardIndex.notes(aloneAt: path))
  }

  /// Opens all shards that `index` lists; `path` is the one of its files that was named.
  package init(_ index: ShardIndex, named path: FilePath) throws(FileError) {
    var parts: [TorchFile] = []
    for shard in index.shards { parts.append(try Self.part(index.open(shard))) }
    try index.check(zip(index.shards, parts).map { ($0, $1.entries.map(\.name)) })
    self.init(parts, files: index.files(parts.map(\.file), named: path), [])
  }

  /// Opens all parts of a checkpoint that no index lists.
  init(_ set: ShardSet, named path: FilePath) throws(FileError) {
    var parts: [TorchFile] = []
    for path in set.present { parts.append(try Self.part(SourceFile(path))) }
    try ShardSet.check(parts.map { ($0.file, $0.entries.map(\.name)) })
    self.init(parts, files: ShardSet.files(parts.map(\.file), named: path), [set.note])
  }

  private static func part(_ file: SourceFile) throws(FileError) -> TorchFile {
    try TorchFile(TorchContents.read(file))
  }

  /// An archive of `parts` whose tensors are known to have different names.
  private init(_ parts: [TorchFile], files: [SourceFile], _ notes: [ArchiveNote]) {
    self.parts = parts
    self.files = files
    var tensors: [TensorDescription] = []
    var places: [String: (part: Int, entry: Int)] = [:]
    var identities: [String: String] = [:]
    for (number, part) in parts.enumerated() {
      for (index, entry) in part.entries.enumerated() {
        tensors.append(entry.description)
        places[entry.name] = (number, index)
        if let view = entry.tensor.view {
          identities[entry.name] = "\(part.file.name)#\(view.identity)"
        }
      }
    }
    self.tensors = tensors
    metadata = parts.compactMap(\.config).first.map { ["pickled_config": $0] } ?? [:]
    self.places = places
    storageIdentities = identities
    self.notes = notes + PyTorchNotes.notes(parts)
  }

  /// Hands on the content in windows, in order and in the machine's own byte order.
  package func read(_ name: String, _ body: (RawSpan) throws(FileError) -> Void) throws(FileError) {
    guard let place = places[name] else {
      throw absent(name)
    }
    let part = parts[place.part]
    try part.read(part.entries[place.entry], body)
  }

  /// A contiguous tensor whose storage is not compressed lies in the file as it is.
  package func place(of name: String) -> TensorPlace? {
    guard let place = places[name] else { return nil }
    let part = parts[place.part]
    return part.place(of: part.entries[place.entry])
  }

  /// Checks the zip members that no tensor's reading has checked, and that no file has changed.
  package func finish() throws(FileError) {
    for part in parts { try part.finish() }
    for file in files { try file.checkUnchanged() }
  }
}
