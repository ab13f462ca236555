package import AlbertBytes
package import SystemPackage
package import AlbertTensors

/// Safetensors: a file, or several with an index that says which tensor lies where.
///
/// The tool's own native files are safetensors too.
package enum SafetensorsFormat: ArchiveFormat {
  /// `safetensors`.
  package static let name = "safetensors"

  /// Native files before all others, an index before the shards that it lists.
  package static let folderRules = [
    FolderRule(.ending(".albert"), .native),
    FolderRule(.ending(".safetensors.index.json"), .safetensorsIndex),
    FolderRule(.exactly("model.safetensors"), .modelSafetensors),
    FolderRule(.ending(".safetensors"), .otherWeights),
  ]

  /// A JSON object behind a length that fits one, or an index of such files.
  package static func claims(_ file: SourceFile, head: [UInt8]) -> Bool {
    if ShardIndex.claims(file, head: head, shardsEndingIn: ".safetensors") { return true }
    guard head.count > 9, head[8] == UInt8(ascii: "{") else { return false }
    let length = head[..<8].reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
    // A damaged length still leaves the first quotation mark.
    return length <= UInt64(SafetensorsHeader.longestText) || head[9] == UInt8(ascii: "\"")
  }

  /// Opens the whole checkpoint, whether its file, its index or one of its shards is named.
  package static func open(_ path: FilePath, _ options: ArchiveOptions) throws(FileError)
    -> any TensorArchive
  {
    if let index = try ShardIndex.index(of: path, shardsEndingIn: ".safetensors") {
      return try SafetensorsArchive(index, named: path)
    }
    if let set = ShardSet(of: path), set.missing.isEmpty, set.present.count > 1 {
      return try SafetensorsArchive(set, named: path)
    }
    return try SafetensorsArchive(path)
  }
}
