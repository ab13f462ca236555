package import AlbertBytes
package import SystemPackage
package import AlbertTensors

/// Frozen TensorFlow graphs for serving: one protobuf file in which constants stand for variables.
package enum FrozenGraphFormat: ArchiveFormat {
  /// `frozen-graph`.
  package static let name = "frozen-graph"

  /// The usual ending.
  package static let folderRules = [FolderRule(.ending(".pb"), .otherWeights)]

  /// Whether the outermost fields are those of a graph and fill the file, the first of them a node with
  /// a name and an operation.
  package static func claims(_ file: SourceFile, head: [UInt8]) throws(FileError) -> Bool {
    guard head.first == 0x0A else { return false }
    var reader = ProtobufReader(try ByteCursor(file))
    var isFirst = true
    do throws(FileError) {
      while let field = try reader.next() {
        guard (1...5).contains(field.number) else { return false }
        if isFirst {
          let isNode = try reader.message(field, "a node") { (reader) throws(FileError) in
            guard let name = try reader.next(), let operation = try reader.next() else {
              return false
            }
            _ = try name.range("a name")
            let word = try operation.range("an operation")
            guard name.number == 1, operation.number == 2, !word.isEmpty else { return false }
            // In other files of such fields, such as MindSpore's, a message begins here.
            return try file.bytes(at: word.lowerBound, count: 1).allSatisfy { $0 > 0x20 }
          }
          guard isNode else { return false }
        }
        isFirst = false
      }
    } catch {
      if error.isOfMachine { throw error }
      return false
    }
    return !isFirst
  }

  /// Opens a graph; numbers are not read.
  package static func open(_ path: FilePath, _ options: ArchiveOptions) throws(FileError)
    -> any TensorArchive
  {
    let archive = try FrozenGraphArchive(path)
    guard !archive.tensors.isEmpty else {
      throw FileError(
        path.string,
        .rejected(
          code: "graph-without-weights",
          message: "this graph holds no weights: its variables were not replaced by constants"),
        remedy: "name the checkpoint that belongs to it, or freeze the graph")
    }
    return archive
  }
}
