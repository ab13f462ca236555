internal import AlbertBytes
internal import SystemPackage
internal import AlbertTensors

extension TensorFlowBundle {
  /// Opens the checkpoint that `index` is the index of.
  ///
  /// `named` are the files by which the user named it, its own or others.
  static func open(
    _ prefix: TensorFlowPrefix, format: String, named: [SourceFile] = []
  ) throws(FileError) -> TensorFlowBundle {
    let indexFile: SourceFile
    do throws(FileError) {
      indexFile = try SourceFile(prefix.index)
    } catch  where error.problem == .notFound {
      throw FileError(
        prefix.index.string, .missing("the checkpoint's index file"),
        remedy: "put all files of the checkpoint into one folder, under their own names")
    }
    var index = try BundleIndex(indexFile)
    let shards = try BundleShards.open(prefix, count: index.shards)
    var parts: [(name: String, entry: BundleEntry)] = []
    var contents: [BundleTensor] = []
    for (name, entry) in index.tensors {
      let entries: [BundleEntry]
      var grid: SliceGrid?
      if entry.slices.isEmpty {
        entries = [entry]
      } else {
        (entries, grid) = try index.takePieces(of: name, entry)
      }
      var pieces: [BundlePiece] = []
      for entry in entries {
        guard entry.shard < shards.count else {
          throw FileError(
            indexFile.path.string,
            .malformed("its data is in shard \(entry.shard + 1) of \(shards.count)"), tensor: name)
        }
        parts.append((name, entry))
        pieces.append(
          BundlePiece(
            shard: shards[entry.shard], range: entry.offset..<entry.end, maskedCRC: entry.crc))
      }
      let description = TensorDescription(
        name: name, type: entry.type.element ?? .opaque, shape: entry.shape)
      contents.append(
        BundleTensor(description: description, type: entry.type, pieces: pieces, grid: grid))
    }
    try index.checkAllTaken()
    try BundleShards.checkCoverage(of: shards, by: parts)

    var files = named
    for file in [indexFile] + shards
    where !named.contains(where: { $0.identity.isSameFile(as: file.identity) }) {
      files.append(file)
    }
    return try TensorFlowBundle(
      format: format, files: files, contents: inOrderOfData(contents, shards))
  }

  /// The tensors in the order of their data, so that they are read from front to back.
  private static func inOrderOfData(
    _ contents: [BundleTensor], _ shards: [SourceFile]
  ) -> [BundleTensor] {
    var numbers: [ObjectIdentifier: Int] = [:]
    for (number, shard) in shards.enumerated() { numbers[ObjectIdentifier(shard)] = number }
    var order: [(shard: Int, offset: Int, index: Int)] = []
    for (index, content) in contents.enumerated() {
      let first = content.pieces.map { piece in
        (numbers[ObjectIdentifier(piece.shard)] ?? 0, piece.range.lowerBound)
      }.min { $0 < $1 }
      order.append((first?.0 ?? 0, first?.1 ?? 0, index))
    }
    order.sort { $0 < $1 }
    return order.map { contents[$0.index] }
  }
}
