package import AlbertBytes
package import SystemPackage
package import AlbertTensors

/// What `torch.save` writes: a zip file around a pickle, or pickles and storages in a row, alone or
/// in shards with an index.
///
/// No pickle is ever run: `PickleMachine` says what it describes.
package enum PyTorchFormat: ArchiveFormat {
  /// `pytorch`.
  package static let name = "pytorch"

  /// An index before the shards that it lists, the usual name before all others.
  package static let folderRules = [
    FolderRule(.ending(".bin.index.json"), .pytorchIndex),
    FolderRule(.exactly("pytorch_model.bin"), .pytorchModel),
    FolderRule(.ending(".bin"), .otherWeights),
    FolderRule(.ending(".pt"), .otherWeights),
    FolderRule(.ending(".pth"), .otherWeights),
    FolderRule(.ending(".ot"), .otherWeights),
    FolderRule(.ending(".pt2"), .otherWeights),
  ]

  /// An index of such files, a zip file with a pickle in its place, or another of the beginnings.
  package static func claims(_ file: SourceFile, head: [UInt8]) throws(FileError) -> Bool {
    if ShardIndex.claims(file, head: head, shardsEndingIn: ".bin") { return true }
    switch TorchMagic(head) {
    case .legacy, .tar, .pickle: return true
    case .zip: return try claimsZip(file, head: head)
    case nil: return false
    }
  }

  /// Opens the whole checkpoint, whether its file, its index or one of its shards is named.
  package static func open(_ path: FilePath, _ options: ArchiveOptions) throws(FileError)
    -> any TensorArchive
  {
    if let index = try ShardIndex.index(of: path, shardsEndingIn: ".bin") {
      return try PyTorchArchive(index, named: path)
    }
    if let set = ShardSet(of: path), set.missing.isEmpty, set.present.count > 1 {
      return try PyTorchArchive(set, named: path)
    }
    return try PyTorchArchive(path)
  }

  /// Whether a zip file holds `data.pkl`; of a damaged one the first member's name must tell.
  private static func claimsZip(_ file: SourceFile, head: [UInt8]) throws(FileError) -> Bool {
    let opened = try FileError.ifReadable { () throws(FileError) in try ZipFile(file) }
    if let zip = opened {
      return !TorchContents.roots(of: zip).isEmpty || TorchContents.isExported(zip)
    }
    guard head.count > 30 else { return false }
    let length = Int(head[26]) | Int(head[27]) << 8
    let name = String(decoding: head[30...].prefix(length), as: UTF8.self)
    return ["/data.pkl", "/version", "/byteorder", "/.format_version"].contains {
      name.hasSuffix($0)
    } || name.contains("/data/")
  }
}
