package import AlbertBytes
package import SystemPackage
package import AlbertTensors

/// The tensors of one safetensors file, or of all shards of a checkpoint.
package struct SafetensorsArchive: TensorArchive {
  /// `safetensors`.
  package let format = SafetensorsFormat.name
  /// The file, or the one that was named and then index and shards.
  package let files: [SourceFile]
  /// All tensors in the order of their data, shard by shard.
  package let tensors: [TensorDescription]
  /// What the headers say of themselves.
  package let metadata: ArchiveMetadata
  /// The tensors that are stored under another one's name too.
  package let storageIdentities: [String: String]

  /// That a shard was opened without the others.
  package let notes: [ArchiveNote]

  /// The header of a checkpoint in one file.
  package let header: SafetensorsHeader?

  private let places: ByName<Place>

  private struct Place: Sendable {
    let file: SourceFile
    let range: Range<Int>
    let tensor: TensorDescription
    let word: String
  }

  /// Opens one file; reads and checks its header.
  package init(_ path: FilePath) throws(FileError) {
    let file = try SourceFile(path)
    let header = try SafetensorsHeader(file)
    try RankShards.check(file, header)
    self.init([(file, header)], files: [file])
  }

  /// Opens all shards that `index` lists; `path` is the one of its files that was named.
  package init(_ index: ShardIndex, named path: FilePath) throws(FileError) {
    var parts: [(file: SourceFile, header: SafetensorsHeader)] = []
    for shard in index.shards {
      let file = try index.open(shard)
      parts.append((file, try SafetensorsHeader(file)))
    }
    try index.check(
      zip(index.shards, parts).map { ($0, $1.header.entries.map(\.tensor.name)) })
    self.init(parts, files: index.files(parts.map(\.file), named: path))
  }

  /// Opens all parts of a checkpoint that no index lists.
  init(_ set: ShardSet, named path: FilePath) throws(FileError) {
    var parts: [(file: SourceFile, header: SafetensorsHeader)] = []
    for path in set.present {
      let file = try SourceFile(path)
      parts.append((file, try SafetensorsHeader(file)))
    }
    try ShardSet.check(parts.map { ($0.file, $0.header.entries.map(\.tensor.name)) })
    self.init(parts, files: ShardSet.files(parts.map(\.file), named: path), [set.note])
  }

  /// An archive of `parts` whose tensors are known to have different names.
  init(
    _ parts: [(file: SourceFile, header: SafetensorsHeader)], files: [SourceFile],
    _ notes: [ArchiveNote] = []
  ) {
    self.files = files
    var tensors: [TensorDescription] = []
    var metadata: ArchiveMetadata = [:]
    var places = ByName<Place>()
    for (file, header) in parts {
      metadata.merge(header.metadata)
      for entry in header.entries {
        tensors.append(entry.tensor)
        let place = Place(
          file: file, range: header.place(of: entry), tensor: entry.tensor, word: entry.word)
        places.insert(place, as: entry.tensor.name)
      }
    }
    var identities: [String: String] = [:]
    for (alias, name) in Self.aliases(metadata.short, of: places) {
      guard let place = places[name] else { continue }
      tensors.append(
        TensorDescription(name: alias, type: place.tensor.type, shape: place.tensor.shape))
      places.insert(place, as: alias)
      identities[alias] = name
      identities[name] = name
    }
    self.tensors = tensors
    self.metadata = metadata
    header = parts.count == 1 ? parts.first?.header : nil
    self.places = places
    storageIdentities = identities
    self.notes =
      (files.count == 1 ? ShardIndex.notes(aloneAt: files[0].path) : notes)
      + Self.unreadable(parts.flatMap(\.header.entries))
  }

  /// That tensors are of types whose numbers are not read here, such as FP8.
  private static func unreadable(_ entries: [SafetensorsHeader.Entry]) -> [ArchiveNote] {
    let byWord = Dictionary(grouping: entries.filter { $0.tensor.type == .opaque }, by: \.word)
    return byWord.sorted { $0.key < $1.key }.map { word, entries in
      let names = entries.map(\.tensor.name).sorted()
      return ArchiveNote(
        .warning, code: "unreadable-tensor",
        message: "cannot be read, being of type \(word): \(names.counted())",
        tensor: names.first)
    }
  }

  /// The most further names that are taken from metadata.
  private static let maxAliases = 1 << 10

  /// Further names of stored tensors: `save_model` keeps one name of those that are one tensor and says
  /// the others in `__metadata__` (safetensors/torch.py, `_remove_duplicate_names`).
  private static func aliases(
    _ metadata: [String: String], of places: ByName<Place>
  ) -> [(alias: String, name: String)] {
    let aliases = metadata.filter { places[$0.key] == nil && places[$0.value] != nil }
    guard aliases.count <= maxAliases else { return [] }
    return aliases.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// Hands on the bytes as they lie in the file.
  package func read(_ name: String, _ body: (RawSpan) throws(FileError) -> Void) throws(FileError) {
    guard let place = places[name] else {
      throw absent(name)
    }
    guard place.tensor.type != .opaque else {
      throw FileError(
        place.file.path.string, .unsupported("the element type '\(place.word)'"), tensor: name,
        remedy: "save the model again as F32, F16 or BF16")
    }
    try place.file.stream(place.range, what: "the data", body)
  }

  /// Where the header says.
  package func place(of name: String) -> TensorPlace? {
    guard let place = places[name], place.tensor.type != .opaque else { return nil }
    return TensorPlace(place.file, place.range, isChecked: false)
  }
}
