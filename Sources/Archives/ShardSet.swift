internal import AlbertBytes
internal import SystemPackage
internal import AlbertTensors

/// A name such as `model-00002-of-00005.safetensors`: the part `2` of 5 parts.
///
/// Its index is `model.safetensors.index.json` (or, for a variant `model.fp16-00002-of-00005.safetensors`,
/// `model.safetensors.index.fp16.json`).
struct ShardName {
  /// The file's name.
  let name: String
  /// The file's place among the parts, from 1.
  let number: Int
  /// How many parts there are.
  let count: Int

  private let stem: String
  private let ending: String

  /// The most parts of one checkpoint.
  private static let maxParts = 10_000

  init?(_ name: String) {
    guard let dot = name.lastIndex(of: ".") else { return nil }
    let parts = name[..<dot].split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count > 3, let count = Self.number(parts[parts.count - 1]),
      parts[parts.count - 2] == "of", let number = Self.number(parts[parts.count - 3]),
      number >= 1, number <= count, count <= Self.maxParts
    else { return nil }
    self.name = name
    self.number = number
    self.count = count
    stem = parts.dropLast(3).joined(separator: "-")
    ending = String(name[dot...])
  }

  /// The names of all parts, in their order.
  var all: [String] {
    (1...count).map { "\(stem)-\(Self.digits($0))-of-\(Self.digits(count))\(ending)" }
  }

  /// Whether `candidate` could be the index of these parts.
  func isIndex(_ candidate: String) -> Bool {
    candidate.hasPrefix("\(stem.prefix { $0 != "." })\(ending).index")
      && candidate.hasSuffix(".json")
  }

  /// Whether both are parts of one checkpoint.
  func isSibling(of other: ShardName) -> Bool {
    (stem, ending, count) == (other.stem, other.ending, other.count)
  }

  private static func number(_ part: Substring) -> Int? {
    guard part.utf8.count == 5, part.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      return nil
    }
    return Int(part)
  }

  private static func digits(_ number: Int) -> String { String(UInt64(number), digits: 5) }
}

/// The parts of a checkpoint in several files that no index lists, known by their names alone.
struct ShardSet {
  /// The parts that are there, in their order.
  let present: [FilePath]
  /// The names of those that are not.
  let missing: [String]
  private let name: ShardName

  /// The set that the file at `path` belongs to; nil for a name that no part has.
  init?(of path: FilePath) {
    guard let text = path.lastComponent?.string, let name = ShardName(text) else { return nil }
    self.name = name
    var present: [FilePath] = []
    var missing: [String] = []
    for part in name.all {
      let place = FilePath.Component(part).map { path.removingLastComponent().appending($0) }
      if let place, place.isFile {
        present.append(place)
      } else {
        missing.append(part)
      }
    }
    self.present = present
    self.missing = missing
  }

  /// What to say of a checkpoint whose parts are all there.
  var note: ArchiveNote {
    ArchiveNote(
      .note, code: "shards-without-index",
      message: "no index lists the parts of this checkpoint; all \(name.count) were read, by their "
        + "names")
  }

  /// What to say of a part that is read without the others.
  var aloneNote: ArchiveNote {
    ArchiveNote(
      .warning, code: "shard-alone",
      message: """
        \(name.name) is one of the \(name.count) parts of a checkpoint, of which \(listed) missing: put \
        all parts into one folder
        """)
  }

  /// The error for a folder in which parts are missing.
  func error(in folder: FilePath) -> FileError {
    FileError(
      folder.string,
      .rejected(
        code: "missing",
        message: "of the \(name.count) parts of this checkpoint \(listed) missing"),
      remedy: "download or copy all parts into the same folder")
  }

  private var listed: String {
    missing.counted(naming: 4) + (missing.count == 1 ? " is" : " are")
  }

  /// Throws where two parts hold a tensor of one name.
  static func check(
    _ contents: [(file: SourceFile, names: [String])]
  ) throws(FileError) {
    var places: [String: String] = [:]
    for (file, names) in contents {
      for name in names {
        if let other = places.updateValue(file.name, forKey: name) {
          throw FileError(
            file.path.string,
            .mismatch(
              of: "the parts' tensors", expected: "each once", found: "it in '\(other)' too"),
            tensor: name, remedy: "download all parts again, from one place and in one version")
        }
      }
    }
  }

  /// The parts opened, the one at `path` first: a checkpoint's `files`.
  static func files(_ opened: [SourceFile], named path: FilePath) -> [SourceFile] {
    opened.filter { $0.path.lastComponent == path.lastComponent }
      + opened.filter { $0.path.lastComponent != path.lastComponent }
  }
}
