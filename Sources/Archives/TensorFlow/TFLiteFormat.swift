package import AlbertBytes
package import SystemPackage
package import AlbertTensors

/// TensorFlow Lite: a graph whose operators alone tell what its tensors are.
///
/// As a container it lists none. Whoever reads models puts what the graph holds in its place.
package enum TFLiteFormat: ArchiveFormat {
  /// The word for the container in reports and JSON.
  package static let name = "tflite"

  /// Any file with the usual ending.
  package static let folderRules = [FolderRule(.ending(".tflite"), .tflite)]

  /// Whether a file says of itself that it is a TensorFlow Lite model.
  package static func claims(_ file: SourceFile, head: [UInt8]) -> Bool {
    head.dropFirst(4).prefix(4).elementsEqual("TFL3".utf8)
  }

  /// Opens the file; what it states is not looked at.
  package static func open(
    _ path: FilePath, _ options: ArchiveOptions
  ) throws(FileError) -> any TensorArchive {
    StatedByGraph(file: try SourceFile(path))
  }

  /// A container without tensors of its own.
  private struct StatedByGraph: TensorArchive {
    let file: SourceFile

    var format: String { TFLiteFormat.name }
    var files: [SourceFile] { [file] }
    var tensors: [TensorDescription] { [] }

    func read(
      _ name: String, _ body: (RawSpan) throws(FileError) -> Void
    ) throws(FileError) {
      throw FileError(file.path.string, .missing("tensor '\(name)'"))
    }
  }
}
