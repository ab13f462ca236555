/// Which pieces of a vocabulary make one word together.
struct WordRule: Sendable {
  /// SentencePiece's mark.
  static let beginning = "\u{2581}"

  /// The mark of a piece.
  enum Mark: Sendable {
    /// A piece begins a word with `▁` (SentencePiece).
    case beginning
    /// A piece continues a word with `##` (WordPiece).
    case continuation
  }

  /// The mark of the vocabulary's pieces.
  let mark: Mark
  /// The id of what the vocabulary does not know, which is always a word of its own.
  let unknown: Int?

  /// Whether a piece continues the word before it, by its own mark alone.
  func continues(_ piece: String) -> Bool {
    switch mark {
    case .beginning: !piece.hasPrefix(Self.beginning)
    case .continuation: piece.hasPrefix("##")
    }
  }

  /// Whether a token continues the word before it in `source`.
  ///
  /// A SentencePiece vocabulary says nothing of punctuation: there a word ends at a space of the text,
  /// as transformers' pipelines have it.
  func continuation(in source: String) -> (LabelledText.Token) -> Bool {
    let units = Array(source.utf8)
    return { token in
      if token.id == unknown { return false }
      if mark == .continuation { return continues(token.piece) }
      let start = token.span.bytes.lowerBound
      return start > 0 && start < units.count && !units[start - 1...start].contains(0x20)
    }
  }
}
