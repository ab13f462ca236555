package import AlbertBytes

/// Which of transformers' two families of tokenizers is meant.
package enum TokenizerFamily: String, CaseIterable, Sendable {
  /// The one that the files declare.
  case declared
  /// The tokenizers written in Python, around Google's SentencePiece.
  case slow
  /// Those of the tokenizers library.
  case fast
}

extension Tokenizer {
  /// Reads a tokenizer from its files.
  ///
  /// A `tokenizer.json` counts where there is one, as for transformers' `AutoTokenizer`. Otherwise the
  /// class that `tokenizer_config.json` (or the model's config) names says which vocabulary is read and
  /// how: one that ends in `Fast` as the tokenizers library, any other as the class written in Python.
  /// A KerasHub preset hands its text to SentencePiece as it is.
  package init(
    _ files: TokenizerFiles, family: TokenizerFamily = .declared
  ) throws(FileError) {
    let settings = try TokenizerSettings(files)
    let isBERT = settings.className?.hasPrefix("Bert") == true
    let order =
      isBERT
      ? [TokenizerFiles.wordPiece, TokenizerFiles.sentencePiece]
      : [TokenizerFiles.sentencePiece, TokenizerFiles.wordPiece]
    guard let vocabulary = order.first(where: { files.contents[$0] != nil }),
      let bytes = files.contents[vocabulary]
    else {
      throw FileError(files.path, .missing("a tokenizer"), remedy: Self.remedy)
    }
    let path = files.path(of: vocabulary)
    if vocabulary == TokenizerFiles.sentencePiece {
      self = try Self.slowALBERT(bytes, settings, isPlain: files.isKerasHub, path: path)
    } else {
      self = try Self.slowBERT(bytes, settings, path: path)
    }
  }

  /// What to do where no vocabulary is found: a vocabulary is one of these files.
  static let remedy: String = {
    let vocabularies = TokenizerFiles.places.filter {
      TokenizerFiles.vocabularies.contains($0.name)
    }
    return "put the model's tokenizer beside it; looked for "
      + vocabularies.map(\.place).joined(separator: ", ")
  }()
}
