package import AlbertBytes
package import SystemPackage
package import AlbertTensors

/// A Python pickle of NumPy arrays by name: what `paddle.save` makes of a state dictionary
/// (`.pdparams`), and what people save with `pickle.dump`.
///
/// No pickle is ever run: `PickleMachine` says what it describes.
package enum NumPyPickleFormat: ArchiveFormat {
  /// `numpy-pickle`.
  package static let name = "numpy-pickle"

  /// Paddle's ending before other weights' endings.
  package static let folderRules = [
    FolderRule(.ending(".pdparams"), .otherWeights), FolderRule(.ending(".pkl"), .otherWeights),
    FolderRule(.ending(".pickle"), .otherWeights),
  ]

  /// The functions that make arrays, one of which stands before the first array's data.
  private static let makers = ["_reconstruct", "_frombuffer"].map { Array($0.utf8) }

  /// A pickle that begins with an array, or that has Paddle's name.
  package static func claims(_ file: SourceFile, head: [UInt8]) -> Bool {
    guard TorchMagic(head) == .pickle else { return false }
    return file.name.hasSuffix(".pdparams")
      || makers.contains { maker in
        head.indices.contains { head[$0...].starts(with: maker) }
      }
  }

  /// Opens one file.
  package static func open(_ path: FilePath, _ options: ArchiveOptions) throws(FileError)
    -> any TensorArchive
  {
    try NumPyPickleArchive(path)
  }
}
