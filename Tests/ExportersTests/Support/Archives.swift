import AlbertArchives
import AlbertBytes
import SystemPackage
import AlbertTensors

extension Models {
  /// What one tensor of a file holds.
  struct Content: Equatable {
    let tensor: TensorDescription
    let sha256: String
  }

  /// A file's tensors as its container describes them.
  static func archive(_ path: FilePath) throws -> any TensorArchive {
    try ArchiveRegistry.open(path, ArchiveOptions(worker: worker))
  }
}

extension TensorArchive {
  /// Every tensor by its name.
  func contents() throws -> [String: Models.Content] {
    var result: [String: Models.Content] = [:]
    for tensor in tensors {
      var hasher = SHAHasher(.sha256)
      try read(tensor.name) { (window) throws(FileError) in hasher.update(window) }
      result[tensor.name] = Models.Content(tensor: tensor, sha256: hasher.digest())
    }
    try finish()
    return result
  }
}
