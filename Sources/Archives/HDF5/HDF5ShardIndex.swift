internal import AlbertBytes
internal import AlbertJSON
internal import SystemPackage

/// The list that stands beside a model in several HDF5 files: `tf_model.h5.index.json` of
/// transformers, `*.weights.json` of Keras 3.
///
/// Its `weight_map` leads from a dataset's or group's path to a file's name or a list of them.
struct HDF5ShardIndex {
  let file: SourceFile
  /// The files' names, sorted.
  let names: [String]
  private let entries: [(path: String, names: [String])]

  /// The most files of one model.
  static let maxFiles = 1000

  /// Reads the list.
  init(_ file: SourceFile) throws(FileError) {
    let path = file.path.string
    try FileError.limit(file.size, "the index's size", most: JSONValue.largestDocument, in: path)
    let document = try JSONValue.parse(try file.bytes(at: 0, count: file.size), path: path)
    guard let members = document["weight_map"]?.members, !members.isEmpty else {
      throw FileError(path, .missing("the index's 'weight_map'"))
    }
    var entries: [(path: String, names: [String])] = []
    for member in members {
      let values = member.value.elements ?? [member.value]
      let names = values.compactMap(\.string)
      guard !names.isEmpty, names.count == values.count else {
        throw FileError(
          path, .malformed("the index's entry '\(member.key)' is neither a file name nor a list"))
      }
      entries.append((member.key, names))
    }
    let names = Set(entries.flatMap(\.names)).sorted()
    try FileError.limit(names.count, "the number of files", most: Self.maxFiles, in: path)
    self.file = file
    self.names = names
    self.entries = entries
  }

  /// Whether a file that begins with `head` is such a list.
  static func isIndex(_ file: SourceFile, head: [UInt8]) -> Bool {
    guard file.name.hasSuffix(".json"), head.first == UInt8(ascii: "{") else { return false }
    let text = String(decoding: head, as: UTF8.self)
    return text.contains("\"weight_map\"") && text.contains(".h5\"")
  }

  /// The list's name beside a file that is named as one of several, whether or not it exists.
  static func indexName(ofShard name: String) -> String? {
    func isNumber(_ text: some StringProtocol) -> Bool {
      text.utf8.count == 5 && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
    // tf_model-00001-of-00003.h5
    if name.hasSuffix(".h5"), let parts = Optional(name.dropLast(3).split(separator: "-")),
      parts.count >= 4, isNumber(parts[parts.count - 1]), parts[parts.count - 2] == "of",
      isNumber(parts[parts.count - 3])
    {
      return parts.dropLast(3).joined(separator: "-") + ".h5.index.json"
    }
    // albert_backbone_00000.weights.h5
    let ending = ".weights.h5"
    if name.hasSuffix(ending), case let stem = name.dropLast(ending.count), stem.count > 6,
      isNumber(stem.suffix(5)), stem.dropLast(5).hasSuffix("_")
    {
      return stem.dropLast(6) + ".weights.json"
    }
    return nil
  }

  /// Throws unless every entry is in the files that the list names for it.
  ///
  /// transformers drops the first component of a dataset's path and keeps it in the list; Keras
  /// lists the group that holds the datasets.
  func check(_ files: [String: HDF5Description]) throws(FileError) {
    var paths: [String: Set<String>] = [:]
    for (name, description) in files {
      var all: Set<String> = []
      for dataset in description.datasets {
        all.insert(dataset.path)
        if let slash = dataset.path.lastIndex(of: "/") {
          all.insert(String(dataset.path[..<slash]))
        }
      }
      paths[name] = all
    }
    for entry in entries {
      let path = entry.path.hasPrefix("/") ? String(entry.path.dropFirst()) : entry.path
      let shorter = path.firstIndex(of: "/").map { String(path[path.index(after: $0)...]) }
      for name in entry.names {
        guard let held = paths[name], held.contains(path) || shorter.map(held.contains) == true
        else {
          throw FileError(
            file.path.string, .missing("'\(entry.path)', which the index promises in \(name),"),
            remedy: "download the model's files again: they do not belong together")
        }
      }
    }
  }
}
