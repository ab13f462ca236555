package import AlbertBytes
package import SystemPackage
internal import AlbertTensors

/// An ONNX file read for its computation: all of what it states, tensors as they are stored.
///
/// `ONNXArchive` gives the same file's tensors as the numbers that they stand for.
package struct ONNXGraphFile {
  /// What the file states, calls of its own functions expanded.
  package let model: ONNXModel
  /// The model's own file.
  package let file: SourceFile
  private let external: ONNXExternalFiles

  /// Reads everything but the tensors' data.
  package static func open(_ path: FilePath) throws(FileError) -> ONNXGraphFile {
    let file = try SourceFile(path)
    var parser = try ONNXParser(file)
    var model = try parser.model()
    var inliner = ONNXInliner(model, path: path.string)
    try inliner.expand(model.graph.nodes, names: nil, arguments: [:], scope: "")
    model.graph.nodes = inliner.nodes
    let external = ONNXExternalFiles(
      of: path, stated: try ONNXDataStatement(model.metadata, path: path.string))
    return ONNXGraphFile(model: model, file: file, external: external)
  }

  /// All files, those beside the model that `reader` has met so far included.
  package var files: [SourceFile] { [file] + external.files }

  /// What reads a tensor's bytes: little-endian, elements of less than a byte packed.
  ///
  /// Throws where the data cannot be where the model says; for a type that is not read, the reader does.
  package func reader(
    of tensor: ONNXTensor
  ) throws(FileError) -> @Sendable () throws(FileError) -> [UInt8] {
    var stored = tensor
    let path = file.path.string
    if let type = tensor.smallType {
      stored = try tensor.packed(as: type, path: path)
    } else if tensor.type == .opaque {
      let error = FileError(
        path, .unsupported("ONNX's element type \(tensor.code)"), tensor: tensor.name)
      return { () throws(FileError) in throw error }
    }
    let data = try external.data(of: stored, file)
    return { () throws(FileError) in try data.bytes() }
  }

  /// What checks the files against what the model states of them, and that none has changed.
  package var check: @Sendable () throws(FileError) -> Void {
    let checksums = external.checksums
    let files = files
    return { () throws(FileError) in
      try checksums.verify()
      for file in files { try file.checkUnchanged() }
    }
  }
}
