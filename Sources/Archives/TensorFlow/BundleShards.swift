internal import AlbertBytes
internal import SystemPackage
internal import AlbertTensors

/// The data shards of a bundle.
enum BundleShards {
  /// Opens all `count` shards of the checkpoint.
  ///
  /// Throws `missing` with the name of the first one that is not there.
  static func open(_ prefix: TensorFlowPrefix, count: Int) throws(FileError) -> [SourceFile] {
    let folder = try ModelFolder(of: prefix.index)
    var files: [SourceFile] = []
    for number in 0..<count {
      let name = prefix.shard(number, of: count)
      files.append(
        try SourceFile(
          try folder.file(at: FilePath(name), "data shard \(number + 1) of \(count)")))
    }
    return files
  }

  /// Throws unless every byte of every shard belongs to exactly one of the `parts`, so that each is
  /// covered by a checksum.
  static func checkCoverage(
    of shards: [SourceFile], by parts: [(name: String, entry: BundleEntry)]
  ) throws(FileError) {
    var ends = [Int](repeating: 0, count: shards.count)
    var owners = [String?](repeating: nil, count: shards.count)
    // An empty tensor covers nothing, so that where it lies says nothing either.
    let offsets = parts.map(\.entry.offset)
    let order = parts.indices.filter { parts[$0].entry.size > 0 }
      .sorted { offsets[$0] < offsets[$1] }
    for index in order {
      let (name, entry) = parts[index]
      let shard = shards[entry.shard]
      guard entry.offset >= ends[entry.shard] else {
        throw FileError(
          shard.path.string,
          .malformed("its data overlaps that of '\(owners[entry.shard] ?? "")'"),
          offset: entry.offset, tensor: name)
      }
      guard entry.offset == ends[entry.shard] else {
        throw unowned(shard, ends[entry.shard]..<entry.offset)
      }
      guard entry.end <= shard.size else {
        throw try plainlySomethingElse(shard)
          ?? FileError(
            shard.path.string,
            .truncated(
              what: "the data", needed: entry.size, available: max(0, shard.size - entry.offset)),
            offset: entry.offset, tensor: name)
      }
      ends[entry.shard] = entry.end
      owners[entry.shard] = name
    }
    for (shard, end) in zip(shards, ends) where end != shard.size {
      throw unowned(shard, end..<shard.size)
    }
  }

  private static func unowned(_ shard: SourceFile, _ range: Range<Int>) -> FileError {
    FileError(
      shard.path.string, .malformed("\(range.count) bytes belong to no tensor of the index"),
      offset: range.lowerBound,
      remedy: "check that the index and the shards are of the same checkpoint, and copy them again")
  }

  private static func plainlySomethingElse(_ shard: SourceFile) throws(FileError) -> FileError? {
    UnusableContent.known(
      shard.path.string, head: try shard.head(512))
  }
}
