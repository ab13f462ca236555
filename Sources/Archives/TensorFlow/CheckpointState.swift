internal import AlbertBytes
internal import SystemPackage

/// The file `checkpoint` that TensorFlow leaves beside checkpoints and that names the latest one: a
/// `CheckpointState` in protobuf's text form.
struct CheckpointState: Equatable, Sendable {
  /// The prefix of the latest checkpoint, often as an absolute path on the machine that wrote it.
  let latest: FilePath
  /// All prefixes that the file names.
  let all: [FilePath]

  private static let maxBytes = 1 << 20
  private static let latestKey = "model_checkpoint_path"
  private static let otherKey = "all_model_checkpoint_paths"

  /// Whether a file begins as a state file does.
  static func begins(_ head: [UInt8]) -> Bool {
    let text = head.drop { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }
    return [latestKey, otherKey].contains { text.starts(with: Array("\($0):".utf8)) }
  }

  /// Parses the file.
  init(_ file: SourceFile) throws(FileError) {
    try FileError.limit(
      file.size, "the size of a state file", most: Self.maxBytes, in: file.path.string)
    var cursor = try ByteCursor(file)
    let text = try cursor.utf8(file.size, "the state file")
    var latest: FilePath?
    var all: [FilePath] = []
    for line in text.split(whereSeparator: \.isNewline) {
      let parts = line.split(separator: ":", maxSplits: 1)
      let key = parts.first?.filter { !$0.isWhitespace }
      guard parts.count == 2, key == Self.latestKey || key == Self.otherKey else { continue }
      guard let value = Self.unquoted(parts[1].drop { $0.isWhitespace }) else {
        throw FileError(file.path.string, .malformed("the line '\(line)' states no path"))
      }
      if key == Self.latestKey {
        guard latest == nil else {
          throw FileError(file.path.string, .malformed("\(Self.latestKey) is stated twice"))
        }
        latest = value
      }
      all.append(value)
    }
    guard let latest = latest ?? all.last else {
      throw FileError(file.path.string, .malformed("it names no checkpoint"))
    }
    self.latest = latest
    self.all = all
  }

  /// The checkpoint of this state in the state file's folder.
  ///
  /// An absolute path or one that leaves the folder is one of the machine that wrote the file; what
  /// it names lies beside the file now.
  func prefix(
    in folder: ModelFolder, named path: FilePath
  ) throws(FileError) -> TensorFlowPrefix {
    if let found = try Self.find(latest, in: folder) { return found }
    var others: Set<String> = []
    for name in all {
      if let other = try Self.find(name, in: folder)?.path.lastComponent?.string {
        others.insert(other)
      }
    }
    throw FileError(
      path.string, .missing("the checkpoint '\(Self.lastPart(of: latest))' that it names"),
      remedy: others.isEmpty
        ? "put the checkpoint's files beside it, or name one of them"
        : "put its files there, or name one that is there: "
          + others.sorted().joined(separator: ", "))
  }

  /// The prefix whose index, or whose one file of the old format, is in the folder.
  private static func find(
    _ name: FilePath, in folder: ModelFolder
  ) throws(FileError) -> TensorFlowPrefix? {
    func file(_ name: FilePath, _ what: String) throws(FileError) -> FilePath? {
      try FileError.ifReadable { () throws(FileError) in try folder.file(at: name, what) }
    }
    for name in [name, lastPart(of: name)] {
      if let index = try file(TensorFlowPrefix(name).index, "an index") {
        return TensorFlowPrefix(ofFile: index)
      }
      if let table = try file(name, "a checkpoint"), try TensorFlowPrefix.exists(table) {
        return TensorFlowPrefix(table)
      }
    }
    return nil
  }

  /// The last component, also of a path of a machine where backslashes separate them.
  private static func lastPart(of name: FilePath) -> FilePath {
    let bytes = name.lastComponent?.bytes.split(separator: UInt8(ascii: "\\")).last
    return bytes.map { FilePath(bytes: $0) } ?? name
  }

  /// The string in quotes, its escapes replaced; nil where the quotes are missing.
  private static func unquoted(_ text: Substring) -> FilePath? {
    var rest = Array(text.utf8)[...]
    guard let quote = rest.popFirst(), quote == 0x22 || quote == 0x27 else { return nil }
    var bytes: [UInt8] = []
    while let byte = rest.popFirst() {
      if byte == quote {
        let onlySpace = rest.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
        guard onlySpace, !bytes.isEmpty, !bytes.contains(0) else { return nil }
        return FilePath(bytes: bytes)
      }
      guard byte == UInt8(ascii: "\\") else {
        bytes.append(byte)
        continue
      }
      guard let unescaped = escape(&rest) else { return nil }
      bytes.append(unescaped)
    }
    return nil
  }

  /// The byte of an escape, after its backslash.
  private static func escape(_ rest: inout ArraySlice<UInt8>) -> UInt8? {
    guard let byte = rest.popFirst() else { return nil }
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "7"):
      var value = Int(byte - UInt8(ascii: "0"))
      for _ in 0..<2 {
        guard let digit = rest.first, (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(digit) else {
          break
        }
        value = value * 8 + Int(digit - UInt8(ascii: "0"))
        rest.removeFirst()
      }
      return UInt8(exactly: value)
    case UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "'"): return byte
    case UInt8(ascii: "n"): return 0x0A
    case UInt8(ascii: "r"): return 0x0D
    case UInt8(ascii: "t"): return 0x09
    default: return nil
    }
  }
}
