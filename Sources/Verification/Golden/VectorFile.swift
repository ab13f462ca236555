internal import AlbertArchives
package import AlbertBytes
package import SystemPackage
internal import AlbertTensors

/// Writes vectors of one length to an `.npy` file, one row each.
package struct VectorFile {
  private let file: AtomicFile
  private let path: FilePath

  /// Whether a path is one of vectors.
  package static func isNamed(_ path: FilePath) -> Bool { path.extension == "npy" }

  /// Begins a file; nil where the path does not end in `.npy`.
  ///
  /// Throws where it exists and is not to be replaced.
  package init?(_ path: FilePath, replacing: Bool) throws(FileError) {
    guard Self.isNamed(path) else { return nil }
    self.path = path
    file = try AtomicFile(path, replacing: replacing)
  }

  /// Writes the rows, brings the file to the disk and gives it its name.
  package func write(_ rows: [[Float]]) throws(FileError) {
    let width = rows.first?.count ?? 0
    guard let shape = Shape(checking: [rows.count, width]), rows.allSatisfy({ $0.count == width })
    else { throw FileError(path.string, .malformed("the vectors have several lengths")) }
    let tensor = TensorDescription(name: "vectors", type: .float32, shape: shape)
    try file.write(NumPyWriting.header(of: tensor))
    for row in rows {
      try file.write(ElementType.float32.bytes(of: row.map { Double($0) }))
    }
    try file.commit()
  }
}
