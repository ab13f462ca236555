package import AlbertBytes
package import AlbertTensors
package import SystemPackage

/// Distributed checkpoints of PyTorch (FSDP, `torch.distributed.checkpoint`): a folder of `.distcp`
/// files and `.metadata`, a pickle that says which part of which tensor lies where in them.
package enum DistributedFormat: ArchiveFormat {
  /// `pytorch-distributed`.
  package static let name = "pytorch-distributed"

  /// The file that says where everything lies.
  static let metadata: FilePath.Component = ".metadata"
  /// The ending of the files that hold it.
  static let ending = ".distcp"

  /// The file that says where everything lies stands for all.
  package static let folderRules = [FolderRule(.exactly(metadata.string), .distributed)]

  /// The pickle by its class, its files by their ending.
  package static func claims(_ file: SourceFile, head: [UInt8]) -> Bool {
    if file.name.hasSuffix(ending) { return head.starts(with: [0x50, 0x4B]) }
    return file.name == metadata.string && head.first == 0x80
      && String(decoding: head, as: UTF8.self).contains("torch.distributed.checkpoint")
  }

  /// Opens the whole checkpoint, whichever of its files is named.
  package static func open(_ path: FilePath, _ options: ArchiveOptions) throws(FileError)
    -> any TensorArchive
  {
    guard path.lastComponent?.string.hasSuffix(ending) == true else {
      return try DistributedArchive(path, named: path)
    }
    let metadata = path.removingLastComponent().appending(metadata)
    guard metadata.exists else {
      throw FileError(
        path.string, .missing("'.metadata', which says which tensors lie in this file,"),
        remedy: "copy it into the same folder; names that begin with a dot are easily left behind")
    }
    return try DistributedArchive(metadata, named: path)
  }
}
