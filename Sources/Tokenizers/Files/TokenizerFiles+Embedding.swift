package import AlbertBytes

extension TokenizerFiles {
  /// Reads what a native file's header carries; a name that is none of a tokenizer's files is refused.
  package init(embedded text: String, path: String) throws(FileError) {
    self.init([:], path: path)
    let known = Self.places.map(\.name) + [Self.kerasHubVocabulary]
    let files = try EmbeddedFiles.read(
      text, of: "albert.tokenizer", path: path, isKnown: known.contains)
    for (name, bytes) in files {
      if name == Self.kerasHubVocabulary {
        isKerasHub = true
        contents[Self.sentencePiece] = bytes
      } else {
        contents[name] = bytes
      }
    }
  }
}
