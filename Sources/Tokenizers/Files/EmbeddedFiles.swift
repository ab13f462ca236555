package import AlbertBytes
internal import AlbertJSON

/// Files as one JSON text, name to base64 of the bytes: what a native file's header carries.
package enum EmbeddedFiles {
  /// The text of some files, whatever their order; nil of none.
  package static func text(_ files: [(name: String, bytes: [UInt8])]) -> String? {
    guard !files.isEmpty else { return nil }
    return JSONValue.object(
      files.ordered(by: \.name).map { JSONMember($0.name, .string($0.bytes.base64)) }
    ).text()
  }

  /// Reads such a text, which errors call `key`; a name that is not known is refused, since an export
  /// would write under it.
  package static func read(
    _ text: String, of key: String, path: String, isKnown: (String) -> Bool
  ) throws(FileError) -> [(name: String, bytes: [UInt8])] {
    let remedy: Remedy = "convert the source again"
    let outline = try JSONValue.outline(
      Array(text.utf8), path: path, remedy: remedy,
      leaving: JSONOutline.Rule(longerThan: 1 << 12))
    func malformed(_ what: String) -> FileError {
      FileError(path, .malformed("'\(key)': \(what)"), remedy: remedy)
    }
    guard let members = outline.value.members else { throw malformed("it is no JSON object") }
    var files: [(name: String, bytes: [UInt8])] = []
    for member in members {
      guard isKnown(member.key) else {
        throw malformed("'\(member.key)' is none of the files that it holds")
      }
      let written =
        outline.parts[member.key]?.contents ?? member.value.string.map { Array($0.utf8)[...] }
      guard let bytes = written.flatMap({ [UInt8](base64: $0) }) else {
        throw malformed("'\(member.key)' is not base64")
      }
      files.append((member.key, bytes))
    }
    return files
  }
}
