package import AlbertBytes
package import SystemPackage
package import AlbertTensors

extension ShardIndex {
  /// Whether a file is an index whose shards end in `ending`, such as `.safetensors`.
  ///
  /// The first shard's name tells, and the file's own where that lies further on.
  package static func claims(_ file: SourceFile, head: [UInt8], shardsEndingIn ending: String)
    -> Bool
  {
    guard head.first(where: { !isSpace($0) }) == UInt8(ascii: "{") else { return false }
    if file.name.hasSuffix(ending + ".index.json") { return true }
    let text = String(decoding: head, as: UTF8.self)
    return text.contains("\"weight_map\"") && text.contains(ending + "\"")
  }

  /// The index that a path names, or the one that lists the shard which it names; nil for a whole file.
  static func index(of path: FilePath, shardsEndingIn ending: String) throws(FileError)
    -> ShardIndex?
  {
    let file = try SourceFile(path)
    let head = try file.head(ArchiveRegistry.headSize)
    return claims(file, head: head, shardsEndingIn: ending)
      ? try ShardIndex(path) : try beside(shard: path)
  }

  /// The index that lists the shard at `path`, if it lies beside it; nil also for a name that no
  /// shard has (`model-00002-of-00005.safetensors`).
  ///
  /// Throws what hinders reading it, and `ambiguous` where two indexes list the shard.
  package static func beside(shard path: FilePath) throws(FileError) -> ShardIndex? {
    guard let shard = path.lastComponent.flatMap({ ShardName($0.string) }) else { return nil }
    let folder = path.removingLastComponent()
    var found: [ShardIndex] = []
    for name in try Folder.names(in: folder.orCurrentFolder) where shard.isIndex(name.string) {
      let index = try ShardIndex(folder.appending(name))
      if index.shards.contains(shard.name) { found.append(index) }
    }
    guard found.count < 2 else {
      throw FileError(
        path.string,
        .ambiguous(of: "index of this shard", candidates: found.map(\.file.name)))
    }
    return found.first
  }

  /// What to say of a shard at `path` that is opened without the others; nothing of other files.
  package static func notes(aloneAt path: FilePath) -> [ArchiveNote] {
    guard let set = ShardSet(of: path), set.missing.count + set.present.count > 1 else { return [] }
    return [set.aloneNote]
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || (0x09...0x0D).contains(byte)
  }
}
