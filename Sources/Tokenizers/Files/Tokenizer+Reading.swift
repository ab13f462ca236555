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
    if family != .slow, let bytes = files.contents[TokenizerFiles.pipeline] {
      self = try Self.pipeline(bytes, settings, path: files.path(of: TokenizerFiles.pipeline))
      return
    }
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
    let declaresFast = settings.className?.hasSuffix("Fast") == true
    let isFast = family == .fast || (family == .declared && declaresFast)
    switch (vocabulary == TokenizerFiles.sentencePiece, isFast) {
    case (true, true): self = try Self.fastALBERT(bytes, settings, path: path)
    case (true, false):
      self = try Self.slowALBERT(bytes, settings, isPlain: files.isKerasHub, path: path)
    case (false, true): self = try Self.fastBERT(bytes, settings, path: path)
    case (false, false): self = try Self.slowBERT(bytes, settings, path: path)
    }
  }

  /// A `tokenizer.json`, with the special tokens of its class.
  private static func pipeline(
    _ bytes: [UInt8], _ settings: TokenizerSettings, path: String
  ) throws(FileError) -> Tokenizer {
    let pipeline = try PipelineFile(bytes, path: path).pipeline()
    var settings = settings
    let isUnigram = pipeline.model is FastUnigram
    let usual: [SpecialTokens.Role: AddedToken] = isUnigram ? .albert : .bert
    let isKnown = ["Albert", "Bert"].contains { settings.className?.hasPrefix($0) == true }
    let names = pipeline.added.map(\.content)
    // A class of transformers' own adds the tokens that it has; of another one only those count that
    // the file knows.
    settings.fill(
      isKnown
        ? usual
        : usual.filter { _, token in
          names.contains { $0.utf8.elementsEqual(token.content.utf8) }
            || pipeline.model.id(of: token.content) != nil
        })
    return fast(
      pipeline, settings,
      summary: isUnigram ? "tokenizer.json (Unigram)" : "tokenizer.json (WordPiece)")
  }

  /// What to do where no vocabulary is found: a vocabulary is one of these files.
  static let remedy: Remedy = {
    let vocabularies = TokenizerFiles.places.filter {
      TokenizerFiles.vocabularies.contains($0.name)
    }
    return "put the model's tokenizer beside it; looked for "
      + vocabularies.map(\.place).joined(separator: ", ") + ", there and in a folder tokenizer"
  }()
}
