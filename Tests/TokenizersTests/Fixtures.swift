import AlbertBytes
import AlbertJSON
import AlbertTestSupport
import AlbertTokenizers
import SystemPackage

/// Vocabularies, and what libraries make of texts with them.
enum Fixtures {
  private static let folder = PackageFiles.fixtures.appending("tokenizers")

  static func bytes(_ name: String) throws -> [UInt8] {
    let file = try SourceFile(folder.pushing(FilePath(name)))
    return try file.bytes(at: 0, count: file.size)
  }

  /// Some of a folder's files as a tokenizer's.
  static func files(_ name: String, _ names: [String]) throws -> TokenizerFiles {
    var contents: [String: [UInt8]] = [:]
    for file in names { contents[file] = try bytes("\(name)/\(file)") }
    return TokenizerFiles(contents, path: name)
  }

  /// Texts and the ids that a library gave them.
  static func truth(_ name: String) throws -> [(text: String, ids: [Int])] {
    let rows = try JSONValue.parse(try bytes(name), path: name).elements ?? []
    return rows.map { row in
      (row["text"]?.string ?? "", row["ids"]?.elements?.compactMap(\.integer) ?? [])
    }
  }

  /// The same with the part of the text for each id, in scalars.
  static func truthWithOffsets(
    _ name: String
  ) throws -> [(text: String, ids: [Int], offsets: [Range<Int>])] {
    let rows = try JSONValue.parse(try bytes(name), path: name).elements ?? []
    return rows.map { row in
      let offsets = (row["offsets"]?.elements ?? []).map { pair -> Range<Int> in
        let ends = pair.elements?.compactMap(\.integer) ?? []
        return (ends.first ?? 0)..<(ends.last ?? 0)
      }
      return (row["text"]?.string ?? "", row["ids"]?.elements?.compactMap(\.integer) ?? [], offsets)
    }
  }
}
