package import AlbertBytes
internal import AlbertJSON
package import SystemPackage

/// The JSON file beside a checkpoint in several files (shards) that says which tensor lies where,
/// as Hugging Face writes it: `model.safetensors.index.json`.
///
/// It names files, so every name is resolved within the checkpoint's own folder.
package struct ShardIndex: Sendable {
  /// One member of the `weight_map`.
  package struct Entry: Equatable, Sendable {
    /// The tensor, or in Keras 3 the group of tensors.
    package let name: String
    /// The files that hold it; Keras 3 may spread a group over several.
    package let shards: [String]
  }

  /// The index itself.
  package let file: SourceFile
  /// The members of the `weight_map` in their order.
  package let entries: [Entry]
  /// The names of all shards, sorted.
  package let shards: [String]

  private let folder: ModelFolder

  /// Parses the index at `path`.
  package init(_ path: FilePath) throws(FileError) {
    file = try SourceFile(path)
    let document = try JSONValue.parse(file)
    guard let members = document["weight_map"]?.members else {
      throw FileError(
        path.string, .malformed("the index has no 'weight_map' that is an object"))
    }
    var entries: [Entry] = []
    entries.reserveCapacity(members.count)
    var shards: Set<String> = []
    for member in members {
      let names = member.value.string.map { [$0] } ?? member.value.elements?.compactMap(\.string)
      guard let names, !names.isEmpty, names.count == member.value.elements?.count ?? 1 else {
        throw FileError(
          path.string, .malformed("the 'weight_map' names no file for '\(member.key)'"))
      }
      for name in names {
        guard !name.utf8.contains(UInt8(ascii: "/")) else {
          throw FileError(
            path.string,
            .malformed("the 'weight_map' names '\(name)', which lies in another folder"),
            remedy:
              "put all files of the checkpoint into one folder, and name them plainly in the index")
        }
        shards.insert(name)
      }
      entries.append(Entry(name: member.key, shards: names))
    }
    guard !shards.isEmpty else {
      throw FileError(path.string, .malformed("the 'weight_map' is empty"))
    }
    self.entries = entries
    self.shards = shards.sorted()
    folder = try ModelFolder(of: path)
  }

  /// Opens the shard called `name`.
  ///
  /// Throws `missing` where it is not beside the index.
  package func open(_ name: String) throws(FileError) -> SourceFile {
    do {
      return try SourceFile(folder.file(named: name, "a part of the tensors"))
    } catch {
      guard case .missing = error.problem else { throw error }
      throw FileError(
        file.path.string, .missing("the shard '\(name)', one of \(shards.count),"),
        remedy: "download or copy it into the same folder")
    }
  }

  /// The index and its shards, the one at `path` first: a checkpoint's `files`.
  package func files(_ opened: [SourceFile], named path: FilePath) -> [SourceFile] {
    let all = [file] + opened
    let name = path.lastComponent
    return all.filter { $0.path.lastComponent == name }
      + all.filter { $0.path.lastComponent != name }
  }

  /// Throws unless each shard holds the tensors that the index places there, and no others.
  ///
  /// `contents` holds for each shard the names of its tensors.
  package func check(_ contents: [(shard: String, tensors: [String])]) throws(FileError) {
    var places: [String: String] = [:]
    for entry in entries { places[entry.name] = entry.shards[0] }
    var found: Set<String> = []
    for (shard, tensors) in contents {
      for name in tensors {
        guard let place = places[name] else {
          throw mismatch(name, expected: "one in the 'weight_map'", found: "it only in '\(shard)'")
        }
        guard found.insert(name).inserted else {
          throw mismatch(name, expected: "one", found: "it in '\(shard)' once more")
        }
        guard place == shard else {
          throw mismatch(
            name, expected: "'\(place)' by the 'weight_map'", found: "it in '\(shard)'")
        }
      }
    }
    if let entry = entries.first(where: { !found.contains($0.name) }) {
      throw mismatch(
        entry.name, expected: "it in '\(entry.shards[0])'", found: "no such tensor there")
    }
  }

  private func mismatch(_ tensor: String, expected: String, found: String) -> FileError {
    FileError(
      file.path.string,
      .mismatch(of: "the tensor's shard", expected: expected, found: found), tensor: tensor,
      remedy: "download index and shards again, from one place and in one version")
  }
}
