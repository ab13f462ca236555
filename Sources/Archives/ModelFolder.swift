package import AlbertBytes
internal import AlbertPlatform
package import SystemPackage

/// The folder that a checkpoint lies in, which bounds the files that it may name.
///
/// Shard indexes and external tensor data name files. A name that led outside the folder, by `..`,
/// as an absolute path or through a link, would make a downloaded checkpoint read the user's own
/// files. Links within one `models--…` folder of a Hugging Face cache are how that cache works.
package struct ModelFolder: Sendable {
  /// The checkpoint whose names are resolved.
  private let checkpoint: FilePath
  private let folder: FilePath
  /// The folder that no resolved file may leave, free of links.
  private let root: FilePath

  /// The folder of the file at `checkpoint`.
  ///
  /// Throws where the folder cannot be reached.
  package init(of checkpoint: FilePath) throws(FileError) {
    self.checkpoint = checkpoint
    folder = checkpoint.removingLastComponent().orCurrentFolder
    guard let real = folder.resolved else {
      throw FileError(folder.string, .system(operation: "resolve the folder", errno: errno))
    }
    root = Self.cacheFolder(of: real) ?? real
  }

  /// The path of the file that the checkpoint calls `name`.
  ///
  /// Throws `malformed` where the name leads outside the folder and `missing` where nothing is
  /// there; `what` says what the file holds.
  package func file(named name: String, _ what: String) throws(FileError) -> FilePath {
    guard !name.utf8.contains(0) else { throw outside(name) }
    return try file(at: FilePath(name), what)
  }

  /// The same for a name that need not be text.
  package func file(at relative: FilePath, _ what: String) throws(FileError) -> FilePath {
    let name = relative.string
    // './weights.bin' is a name in this folder to onnxruntime too; what leads up is in none.
    let escapes = relative.components.contains { $0.kind == .parentDirectory }
    guard relative.isRelative, !escapes, !relative.components.isEmpty else { throw outside(name) }
    let path = folder.pushing(relative.lexicallyNormalized())
    guard let real = path.resolved else {
      guard errno == ENOENT || errno == ENOTDIR else {
        throw FileError(path.string, .system(operation: "resolve the path", errno: errno))
      }
      throw FileError(
        checkpoint.string, .missing("'\(name)', which holds \(what),"),
        remedy: "put that file beside it: the model is made of both")
    }
    guard real.starts(with: root), real != root else { throw outside(name) }
    return path
  }

  private func outside(_ name: String) -> FileError {
    FileError(
      checkpoint.string,
      .malformed("the file names '\(name)', which is not inside the model's own folder"),
      remedy: "put the file that it means into the model's folder, under a plain name")
  }

  /// The model's own folder, where `folder` is one in which another format of it is kept: on the Hub an
  /// export lies in `onnx`, and training libraries put the parts of a checkpoint into a folder of their
  /// own (Accelerate's FSDP, DeepSpeed), with the config and the tokenizer above that.
  package static func above(_ folder: FilePath) -> FilePath? {
    guard let name = folder.resolved?.lastComponent?.string,
      ["onnx", "tflite"].contains(name) || training.contains(where: name.hasPrefix)
    else {
      return nil
    }
    return folder.appending("..")
  }

  private static let training = ["pytorch_model_fsdp_", "global_step"]

  /// The `models--…` folder of a Hugging Face cache that `path` lies in, if it does.
  private static func cacheFolder(of path: FilePath) -> FilePath? {
    var folder = path
    while let name = folder.lastComponent {
      if name.string.hasPrefix("models--") { return folder }
      folder.removeLastComponent()
    }
    return nil
  }
}
