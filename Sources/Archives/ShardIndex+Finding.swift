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

  /// The index that lists the shard at `path`, if it lies beside it; nil also for a name that no
  /// shard has (`model-00002-of-00005.safetensors`).
  ///
  /// Throws what hinders reading it, and `ambiguous` where two indexes list the shard.
  package static func beside(shard path: FilePath) throws(FileError) -> ShardIndex? {
    guard let shard = ShardName(path) else { return nil }
    let folder = path.removingLastComponent()
    var found: [ShardIndex] = []
    for name in try Folder.names(in: folder.isEmpty ? "." : folder) where shard.isIndex(name.string)
    {
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

  /// What to say of a shard at `path` that is opened without an index; nothing of other files.
  package static func notes(aloneAt path: FilePath) -> [ArchiveNote] {
    guard let shard = ShardName(path) else { return [] }
    return [
      ArchiveNote(
        .warning, code: "shard-alone",
        message: """
          \(shard.name) is one part of a checkpoint, and no index \
          beside it names the others: put the .index.json and all parts into one folder
          """)
    ]
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || (0x09...0x0D).contains(byte)
  }
}

/// A name such as `model-00002-of-00005.safetensors`, whose index is `model.safetensors.index.json`
/// (or, for a variant `model.fp16-00002-of-00005.safetensors`, `model.safetensors.index.fp16.json`).
private struct ShardName {
  let name: String
  private let indexStart: String

  init?(_ path: FilePath) {
    guard let name = path.lastComponent?.string, let dot = name.lastIndex(of: ".") else {
      return nil
    }
    let parts = name[..<dot].split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count > 3, Self.isNumber(parts[parts.count - 1]), parts[parts.count - 2] == "of",
      Self.isNumber(parts[parts.count - 3])
    else { return nil }
    self.name = name
    let stem = parts.dropLast(3).joined(separator: "-").prefix { $0 != "." }
    indexStart = "\(stem)\(name[dot...]).index"
  }

  func isIndex(_ candidate: String) -> Bool {
    candidate.hasPrefix(indexStart) && candidate.hasSuffix(".json")
  }

  private static func isNumber(_ part: Substring) -> Bool {
    part.utf8.count == 5 && part.utf8.allSatisfy { (0x30...0x39).contains($0) }
  }
}
