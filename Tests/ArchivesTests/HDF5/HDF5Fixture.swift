import AlbertArchives
import AlbertBytes
import AlbertJSON
import AlbertTensors
import AlbertTestSupport
import SystemPackage

/// HDF5 files, which the tool's executable parses.
enum HDF5Fixture {
  static let worker = PackageFiles.tool

  static let options = ArchiveOptions(worker: worker)

  static func open(_ name: String) throws -> any TensorArchive {
    try ArchiveRegistry.open(Fixture.path("hdf5/" + name), options)
  }

  /// What h5py reads from a fixture, by dataset.
  static func truth(_ name: String) throws -> [String: Content] {
    let document = try Truth.document("hdf5/truth.json")
    var result: [String: Content] = [:]
    for member in document[name]?.members ?? [] {
      let type = member.value["type"]?.string ?? ""
      result[member.key] = Content(
        shape: member.value["shape"]?.elements?.compactMap(\.integer) ?? [],
        // NumPy sees two bytes without meaning where Keras stores bfloat16.
        type: type == "void16" ? "bfloat16" : type,
        sha256: member.value["sha256"]?.string ?? "")
    }
    return result
  }

  /// What a tensor holds, in short.
  struct Content: Equatable {
    let shape: [Int]
    let type: String
    let sha256: String
  }
}

extension TensorArchive {
  /// All tensors that can be read.
  func contents() throws -> [String: HDF5Fixture.Content] {
    var result: [String: HDF5Fixture.Content] = [:]
    for tensor in tensors where tensor.type != .opaque {
      result[tensor.name] = HDF5Fixture.Content(
        shape: tensor.shape.dimensions, type: tensor.type.name, sha256: try sha256(of: tensor.name))
    }
    try finish()
    return result
  }
}
