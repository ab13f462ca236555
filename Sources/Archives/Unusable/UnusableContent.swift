internal import AlbertBytes
internal import SystemPackage

/// What people hand over in place of a checkpoint, each with a message of its own.
enum UnusableContent {
  /// The error for a file that no format claims.
  static func error(_ file: SourceFile, head: [UInt8]) -> FileError {
    recognised(file, head: head) ?? json(file, head)
      ?? FileError(
        file.path.string, .malformed("no supported format is recognised in its first bytes"),
        remedy:
          "name a checkpoint: TensorFlow, HDF5, safetensors, PyTorch, Flax, NumPy, ONNX or TensorFlow Lite"
      )
  }

  /// The error for what is something else by its bytes, its members, its name or its neighbours; nil
  /// for what may be anything.
  static func recognised(_ file: SourceFile, head: [UInt8]) -> FileError? {
    known(file.path.string, head: head) ?? PackedModel.error(file, head: head)
      ?? ForeignModel.error(file, head: head) ?? text(file, head) ?? zeros(file, head)
  }

  /// The error for what a download leaves that took the space and never the bytes.
  private static func zeros(_ file: SourceFile, _ head: [UInt8]) -> FileError? {
    guard head.count >= 16, head.allSatisfy({ $0 == 0 }) else { return nil }
    return FileError(
      file.path.string,
      .malformed(
        "its first \(head.count) bytes are all zero, as in a download that was broken off"),
      remedy: "download or copy it again")
  }

  /// The error for what stands in the place of a text of our own kind, such as a config, and is something
  /// else; nil where that text itself is at fault.
  static func error(_ file: SourceFile, _ head: [UInt8], inPlaceOf wanted: String) -> FileError? {
    if let known = known(file.path.string, head: head, inPlaceOf: wanted) { return known }
    let text = String(decoding: head, as: UTF8.self)
    let start = text.unicodeScalars.first { $0 != "\u{FEFF}" && !$0.properties.isWhitespace }
    // JSON with a byte order mark or a comment in front is no other text: its parser says what is wrong.
    guard file.name.hasSuffix(".json"), !["{", "[", "/"].contains(start ?? "{") else { return nil }
    return self.text(file, head, inPlaceOf: wanted)
  }

  /// The error for what is plainly something else by its first bytes, whatever the name promises.
  static func known(
    _ path: String, head: [UInt8], inPlaceOf wanted: String = "checkpoint"
  ) -> FileError? {
    func error(_ what: String, _ remedy: Remedy) -> FileError {
      FileError(path, .malformed(what), remedy: remedy)
    }
    if head.isEmpty { return error("the file is empty", "download or copy it again") }
    let text = String(decoding: head.prefix(1024), as: UTF8.self)
    if text.hasPrefix("version https://git-lfs.github.com/spec/") {
      return error(
        "this is a Git LFS pointer, not the file it points to",
        "run 'git lfs pull' in the repository, or download the file itself")
    }
    if let page = page(text) { return error("this is \(page), not a \(wanted)", download) }
    return PackedModel.compressed(path, head: head) ?? ForeignModel.known(path, head: head)
  }

  private static let download: Remedy =
    "download the file itself (on a model hub: the 'resolve' link, not 'blob')"

  /// What a page of a server is; nil for anything else.
  private static func page(_ text: String) -> String? {
    let lower = text.lowercased()
    let start = lower.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
    guard start.hasPrefix("<") else { return nil }
    if start.hasPrefix("<!doctype html") || start.hasPrefix("<html") || start.hasPrefix("<head")
      || (start.hasPrefix("<?xml") || start.hasPrefix("<!--")) && lower.contains("<html")
    {
      return "an HTML page"
    }
    guard start.hasPrefix("<?xml") || start.hasPrefix("<error"), !lower.contains("<net ") else {
      return nil
    }
    guard lower.contains("<error") else { return "XML text" }
    // What S3 and its kin answer: `<Error><Code>AccessDenied</Code>`.
    let code = text.components(between: "<Code>", and: "</Code>").map { " (\($0))" } ?? ""
    return "an error page of a server\(code)"
  }

  /// The error for text, such as `Entry not found`; tables and states of checkpoints were claimed before.
  private static func text(
    _ file: SourceFile, _ head: [UInt8], inPlaceOf wanted: String = "checkpoint"
  ) -> FileError? {
    let isText = head.allSatisfy { $0 >= 0x20 && $0 != 0x7F || (0x09...0x0D).contains($0) }
    let text = String(decoding: head, as: UTF8.self)
    // A character may be cut at the end of the head; nothing else of a text is not UTF-8.
    guard isText, !text.dropLast(1).contains("\u{FFFD}"),
      let line = text.split(whereSeparator: \.isNewline).first, !line.hasPrefix("{")
    else { return nil }
    let shown = line.count > 60 ? "\(line.prefix(60))…" : "\(line)"
    return FileError(
      file.path.string, .malformed("this is text, not a \(wanted); it begins '\(shown)'"),
      remedy: "if a server answered so, download the file itself once it is there; else name the "
        + wanted)
  }

  /// The error for JSON text; where a checkpoint may be such, its format has claimed it before.
  static func json(_ file: SourceFile, _ head: [UInt8]) -> FileError? {
    let start = head.first { $0 != 0x20 && !(0x09...0x0D).contains($0) }
    guard start == UInt8(ascii: "{"), !head.contains(0) else { return nil }
    let members = String(decoding: head.prefix(200), as: UTF8.self).filter { !$0.isWhitespace }
    if members.hasPrefix("{\"error\":") {
      return FileError(
        file.path.string, .malformed("this is the error message of a server, not a checkpoint"),
        remedy: download)
    }
    return FileError(
      file.path.string,
      .malformed("this is JSON text, such as a config, which holds no weights"),
      remedy: "name the weights that belong to it, or the folder that holds both")
  }
}

extension String {
  /// What stands between two marks, where it is a short word.
  fileprivate func components(between start: String, and end: String) -> String? {
    guard let begin = firstRange(of: start)?.upperBound,
      let close = self[begin...].firstRange(of: end)?.lowerBound
    else { return nil }
    let word = self[begin..<close]
    return word.count <= 40 && word.allSatisfy { $0.isLetter || $0.isNumber } ? String(word) : nil
  }
}
