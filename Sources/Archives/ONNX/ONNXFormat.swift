package import AlbertBytes
package import SystemPackage
package import AlbertTensors

/// ONNX: a model as a graph of operators, its weights inside or in files beside it.
package enum ONNXFormat: ArchiveFormat {
  /// The word for the container in reports and JSON.
  package static let name = "onnx"

  /// Any file with the usual ending.
  package static let folderRules = [FolderRule(.ending(".onnx"), .onnx)]

  /// Whether the outermost fields are those of an ONNX model and fill the file.
  ///
  /// The format has no magic number: a model begins with its version (field 1) and holds a graph
  /// (field 7). By its name a file is claimed although it ends early, so that the error says so.
  package static func claims(_ file: SourceFile, head: [UInt8]) throws(FileError) -> Bool {
    guard head.first == 0x08 else { return false }
    if file.name.hasSuffix(".onnx") { return true }
    let hasGraph = try FileError.ifReadable { () throws(FileError) in
      var reader = ProtobufReader(try ByteCursor(file))
      var hasGraph = false
      while let field = try reader.next() {
        guard (1...26).contains(field.number) else { return false }
        if field.number == 7 { hasGraph = true }
      }
      return hasGraph
    }
    return hasGraph ?? false
  }

  /// Opens a model; data of its tensors are not read.
  package static func open(
    _ path: FilePath, _ options: ArchiveOptions
  ) throws(FileError) -> any TensorArchive {
    try ONNXArchive.open(path)
  }
}
