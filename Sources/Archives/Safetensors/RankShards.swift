internal import AlbertBytes
internal import AlbertTensors
internal import SystemPackage

/// What the ranks of a distributed training write as safetensors, each its rows of every tensor:
/// `shard-00001-model-00001-of-00001.safetensors` of `torch.distributed.checkpoint`.
enum RankShards {
  /// The entry of a header that says so.
  private static let key = "DCP_SHARDING_INFO"
  private static let start = "shard-"

  /// Throws where a file holds rows of its tensors and others hold the rest.
  ///
  /// What a single rank wrote is whole.
  static func check(_ file: SourceFile, _ header: SafetensorsHeader) throws(FileError) {
    guard header.metadata[key] != nil, let name = file.path.lastComponent else { return }
    let folder = file.path.removingLastComponent()
    let names = try Folder.names(in: folder.orCurrentFolder)
    if let error = error(folder: folder, named: name, names) { throw error }
  }

  /// The error for a folder of such files; nil for any other.
  static func error(folder: FilePath, _ names: [FilePath.Component]) -> FileError? {
    guard let name = names.first(where: { isShard($0.string) }),
      let file = try? SourceFile(folder.appending(name)),
      let header = try? SafetensorsHeader(file), header.metadata[key] != nil
    else { return nil }
    return error(folder: folder, named: name, names)
  }

  private static func error(
    folder: FilePath, named name: FilePath.Component, _ names: [FilePath.Component]
  ) -> FileError? {
    let count = names.count { isShard($0.string) }
    guard count > 1, isShard(name.string) else { return nil }
    return FileError(
      folder.appending(name).string,
      .rejected(
        code: "rank-shards",
        message:
          "this is what one of \(count) ranks had of each tensor, written by "
          + "torch.distributed.checkpoint (HuggingFaceStorageWriter)"),
      remedy: "save the checkpoint with enable_consolidation=True, or put its parts together with "
        + "PyTorch's consolidate_safetensors_files, and convert that")
  }

  private static func isShard(_ name: String) -> Bool {
    let rest = name.dropFirst(start.count)
    return name.hasPrefix(start) && name.hasSuffix(".safetensors")
      && rest.prefix(5).allSatisfy(\.isNumber) && rest.dropFirst(5).first == "-"
  }
}
