internal import AlbertTokenizers

extension Albert {
  /// The id that fills up shorter texts; what it is has no effect.
  var padding: Int { tokenizer.specialTokens.padding ?? config.passthrough.padTokenID ?? 0 }

  /// A word of the vocabulary as it is written in a text.
  func word(_ id: Int) -> String { tokenizer.decode([id], skipsSpecialTokens: false) }
}

extension WordRule {
  /// The rule of a tokenizer's vocabulary.
  init(_ tokenizer: Tokenizer) {
    // SentencePiece's mark is on one of the first ordinary pieces.
    let isSentencePiece = tokenizer.vocabulary.pieces.contains {
      $0?.hasPrefix(Self.beginning) ?? false
    }
    self.init(
      mark: isSentencePiece ? .beginning : .continuation,
      unknown: tokenizer.specialTokens.unknown)
  }
}
