package import AlbertBytes
package import SystemPackage
package import AlbertTensors

/// The arrays of a Flax checkpoint, in one file or in shards, by keys joined with `/`.
package struct MessagePackArchive: TensorArchive {
  /// `msgpack`.
  package let format = MessagePackFormat.name
  /// The file, or the one that was named and then index and shards.
  package let files: [SourceFile]
  /// All arrays in the order of their data, shard by shard.
  package let tensors: [TensorDescription]
  /// Numbers and texts that stand beside the arrays, such as a step count.
  package let metadata: ArchiveMetadata
  /// That a shard was opened without the others.
  package let notes: [ArchiveNote]

  private let places: ByName<(file: SourceFile, array: FlaxArray)>

  /// Opens one file; goes through all keys and skips the arrays' bytes.
  package init(_ path: FilePath) throws(FileError) {
    let file = try SourceFile(path)
    self.init([(file, try Self.leaves(file))], files: [file])
  }

  /// Opens all shards that `index` lists; `path` is the one of its files that was named.
  package init(_ index: ShardIndex, named path: FilePath) throws(FileError) {
    var parts: [(file: SourceFile, leaves: FlaxLeaves)] = []
    for shard in index.shards {
      let file = try index.open(shard)
      parts.append((file, try Self.leaves(file)))
    }
    try index.check(zip(index.shards, parts).map { ($0, $1.leaves.arrays.map(\.name)) })
    self.init(parts, files: index.files(parts.map(\.file), named: path))
  }

  private static func leaves(_ file: SourceFile) throws(FileError) -> FlaxLeaves {
    var parser = FlaxParser(try ByteCursor(file))
    return try FlaxLeaves(try parser.parse(), path: file.path.string)
  }

  /// An archive of `parts` whose arrays are known to have different names.
  private init(_ parts: [(file: SourceFile, leaves: FlaxLeaves)], files: [SourceFile]) {
    self.files = files
    var tensors: [TensorDescription] = []
    var metadata: [String: String] = [:]
    var places = ByName<(file: SourceFile, array: FlaxArray)>()
    for (file, leaves) in parts {
      metadata.merge(leaves.texts) { first, _ in first }
      for (name, array) in leaves.arrays {
        tensors.append(TensorDescription(name: name, type: array.type, shape: array.shape))
        places.insert((file, array), as: name)
      }
    }
    self.tensors = tensors
    self.metadata = ArchiveMetadata(metadata)
    self.places = places
    notes = files.count == 1 ? ShardIndex.notes(aloneAt: files[0].path) : []
  }

  /// Hands on the bytes as they lie in the file, piece by piece.
  package func read(_ name: String, _ body: (RawSpan) throws(FileError) -> Void) throws(FileError) {
    guard let (file, array) = places[name] else {
      throw absent(name)
    }
    guard array.type != .opaque else {
      throw FileError(
        file.path.string, .unsupported("the element type '\(array.word)'"), tensor: name,
        remedy: "save the parameter again as float32, float16 or bfloat16")
    }
    for range in array.ranges { try file.stream(range, what: "the data", body) }
  }

  /// An array in one piece lies in the file as it is.
  package func place(of name: String) -> TensorPlace? {
    guard let (file, array) = places[name], array.type != .opaque, array.ranges.count == 1,
      let range = array.ranges.first
    else { return nil }
    return TensorPlace(file, range, isChecked: false)
  }
}
