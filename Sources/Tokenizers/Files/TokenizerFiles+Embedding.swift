package import AlbertBytes
internal import AlbertJSON

extension TokenizerFiles {
  /// The files as one JSON text, name to base64 of the bytes: what a native file's header carries.
  package static func embedded(_ files: [(name: String, bytes: [UInt8])]) -> String {
    JSONValue.object(
      files.sorted { $0.name < $1.name }.map { JSONMember($0.name, .string($0.bytes.base64)) }
    ).text()
  }

  /// Reads such a text; a name that is none of a tokenizer's files is refused, since an export would
  /// write under it.
  package init(embedded text: String, path: String) throws(FileError) {
    self.init([:], path: path)
    let remedy: Remedy = "convert the source again"
    let value = try JSONValue.parse(Array(text.utf8), path: path, remedy: remedy)
    func malformed(_ what: String) -> FileError {
      FileError(path, .malformed("'albert.tokenizer': \(what)"), remedy: remedy)
    }
    guard let members = value.members else { throw malformed("it is no JSON object") }
    let known = Self.places.map(\.name) + [Self.kerasHubVocabulary]
    for member in members {
      guard known.contains(member.key) else {
        throw malformed("'\(member.key)' is none of a tokenizer's files")
      }
      guard let bytes = member.value.string.flatMap({ [UInt8](base64: $0) }) else {
        throw malformed("'\(member.key)' is not base64")
      }
      if member.key == Self.kerasHubVocabulary {
        isKerasHub = true
        contents[Self.sentencePiece] = bytes
      } else {
        contents[member.key] = bytes
      }
    }
  }
}
