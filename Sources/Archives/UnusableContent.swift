internal import Bytes

/// What people hand over in place of a checkpoint, each with a message of its own.
enum UnusableContent {
  /// The error for a file that no format claims.
  static func error(_ path: String, head: [UInt8]) -> FileError {
    known(path, head: head)
      ?? json(path, head)
      ?? FileError(
        path, .malformed("no supported format is recognised in its first bytes"),
        remedy: "name a checkpoint: TensorFlow, HDF5, safetensors, PyTorch, Flax, ONNX or NumPy")
  }

  /// The error for JSON text; where a checkpoint may be such, its format has claimed it before.
  private static func json(_ path: String, _ head: [UInt8]) -> FileError? {
    let start = head.first { $0 != 0x20 && !(0x09...0x0D).contains($0) }
    guard start == UInt8(ascii: "{"), !head.contains(0) else { return nil }
    return FileError(
      path, .malformed("this is JSON text, such as a config, not a checkpoint"),
      remedy: "name the weights that belong to it")
  }

  /// The error for what is plainly something else, whatever the file's name promises.
  static func known(_ path: String, head: [UInt8]) -> FileError? {
    let text = String(decoding: head.prefix(512), as: UTF8.self)
    let lower = text.lowercased()
    let trimmed = lower.drop { $0.isWhitespace }
    func error(_ what: String, _ remedy: String) -> FileError {
      FileError(path, .malformed(what), remedy: remedy)
    }
    if head.isEmpty {
      return error("the file is empty", "download or copy it again")
    }
    if text.hasPrefix("version https://git-lfs.github.com/spec/") {
      return error(
        "this is a Git LFS pointer, not the file it points to",
        "run 'git lfs pull' in the repository, or download the file itself")
    }
    if trimmed.hasPrefix("<!doctype html") || trimmed.hasPrefix("<html") {
      return error(
        "this is an HTML page, not a checkpoint",
        "download the file itself (on a model hub: the 'resolve' link, not 'blob')")
    }
    if head.starts(with: [0x1F, 0x8B]) {
      return error("this is a gzip archive", "unpack it with 'tar xzf' first and name the folder")
    }
    if head.starts(with: [0x42, 0x5A, 0x68]) {
      return error("this is a bzip2 archive", "unpack it with 'tar xjf' first and name the folder")
    }
    if head.starts(with: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]) {
      return error("this is an xz archive", "unpack it with 'tar xJf' first and name the folder")
    }
    if head.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) {
      return error("this is a Zstandard archive", "unpack it with 'zstd -d' first")
    }
    if head.count > 262, Array(head[257..<262]) == Array("ustar".utf8) {
      return error("this is a tar archive", "unpack it with 'tar xf' first and name the folder")
    }
    if head.starts(with: Array("GGUF".utf8)) {
      return error(
        "this is a GGUF file, a format that no ALBERT runtime reads",
        "name the checkpoint that it was made from")
    }
    if head.count >= 8, Array(head[4..<8]) == Array("ORTM".utf8) {
      return error(
        "this is a model in onnxruntime's own format", "name the .onnx file that it was made from")
    }
    return nil
  }
}
