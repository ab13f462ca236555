import Archives
import Bytes
import SystemPackage
import Tensors

/// The arrays of an `.npz` file as NumPy writes the fixtures'.
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
    let zip = try ZipFile(try SourceFile(path))
    for member in zip.members {
      arrays[String(member.name.dropLast(4))] = Self.array(
        try zip.bytes(of: member, most: member.size))
    }
  }

  /// An array with a version 1 header.
  private static func array(_ file: [UInt8]) -> Array {
    let data = 10 + Int(file[8]) + Int(file[9]) << 8
    let header = String(decoding: file[10..<data], as: UTF8.self)
    let types: [(String, ElementType)] = [
      ("'<f8'", .float64), ("'<f4'", .float32), ("'<i8'", .int64),
    ]
    let open = header.firstIndex(of: "(") ?? header.endIndex
    let close = header.firstIndex(of: ")") ?? header.endIndex
    let extents = header[open..<close].dropFirst().split { ", ".contains($0) }.compactMap {
      Int($0)
    }
    return Array(
      type: types.first { header.contains($0.0) }?.1 ?? .opaque, shape: Shape(extents),
      bytes: [UInt8](file[data...]))
  }
}
