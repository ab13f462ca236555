package import AlbertBytes
package import AlbertTokenizers
internal import AlbertNativeFormat

extension Inspection {
  /// The tokenizer's files that a native file carries, as its header's text, which is made anew each
  /// time.
  package var embeddedTokenizer: String? {
    archive.metadata[NativeProfile.Key.tokenizer.rawValue]
  }

  /// Whether it is KerasHub's, whose presets keep a tokenizer in places of their own.
  package var isKerasHub: Bool { upstream == "keras-hub" }

  /// The model's tokenizer: what the file itself carries, else what lies beside it.
  ///
  /// Throws where there is none, naming what was looked for, and where its vocabulary is of another size
  /// than the word embeddings.
  package func tokenizer(_ family: TokenizerFamily = .declared) throws(FileError) -> Tokenizer {
    let tokenizer = try Tokenizer(try tokenizerFiles(), family: family)
    let rows = config?.vocabSize ?? tokenizer.vocabularySize
    guard tokenizer.fits(embeddings: rows) else {
      throw FileError(
        path.string,
        .mismatch(
          of: "the tokenizer's vocabulary and the word embeddings",
          expected: "\(rows) rows of embeddings", found: "\(tokenizer.vocabularySize) pieces"),
        remedy: "put the tokenizer that the model was trained with beside it")
    }
    return tokenizer
  }

  /// The files of the tokenizer that the file itself carries, else of what lies beside it.
  package func tokenizerFiles() throws(FileError) -> TokenizerFiles {
    if let text = embeddedTokenizer {
      return try TokenizerFiles(embedded: text, path: path.string)
    }
    guard let weights = archive.files.first?.path else {
      return TokenizerFiles([:], path: path.string)
    }
    return try TokenizerFiles(beside: weights, isKerasHub: isKerasHub)
  }
}
