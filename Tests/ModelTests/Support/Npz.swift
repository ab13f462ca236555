import AlbertArchives
import AlbertBytes
import SystemPackage
import AlbertTensors

/// All arrays of an `.npz` file.
struct Npz {
  struct Array {
    let type: ElementType
    let shape: Shape
    let bytes: [UInt8]

    var doubles: [Double] {
      unsafe bytes.span.bytes.doubles(of: type) ?? []
    }
  }

  private(set) var arrays: [String: Array] = [:]

  init(_ path: FilePath) throws {
    let archive = try ArchiveRegistry.open(path)
    for tensor in archive.tensors {
      arrays[tensor.name] = Array(
        type: tensor.type, shape: tensor.shape, bytes: try archive.bytes(of: tensor))
    }
  }
}
