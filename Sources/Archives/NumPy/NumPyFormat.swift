package import AlbertBytes
package import SystemPackage
package import AlbertTensors

/// NumPy's `.npz` and `.npy` files.
package enum NumPyFormat: ArchiveFormat {
  /// `npz`.
  package static let name = "npz"

  /// Any `.npz` file, last of all formats; several lie in one folder more often than other formats'
  /// files do, such as inputs and outputs beside the weights.
  package static let folderRules = [
    FolderRule(.exactly("weights.npz"), .weightsNpz), FolderRule(.ending(".npz"), .npz),
  ]

  /// NumPy's magic number, or a zip file whose first member is an array.
  package static func claims(_ file: SourceFile, head: [UInt8]) -> Bool {
    if head.starts(with: NumPyHeader.magic) { return true }
    guard ZipFile.isZip(head), head.count >= 30 else {
      return ZipFile.isZip(head) && file.name.hasSuffix(".npz")
    }
    // A local header has the name's length at 26 and the name at 30.
    let end = 30 + Int(head[26]) + Int(head[27]) << 8
    return end <= head.count && head[30..<end].suffix(4).elementsEqual(".npy".utf8)
  }

  /// A folder of `.npy` files stands for all of them.
  package static func complete(_ path: FilePath) throws(FileError) -> FilePath? {
    guard try path.found()?.type == .directory else { return nil }
    let arrays = try NumPyFolder.arrays(in: path)
    return arrays.count > 1 ? path : nil
  }

  /// Opens one file, or a folder of arrays.
  package static func open(_ path: FilePath, _ options: ArchiveOptions) throws(FileError)
    -> any TensorArchive
  {
    if path.isFolder { return try NumPyFolder(path) }
    return try NumPyArchive(path)
  }
}
