package import AlbertTokenizers

/// A text as a model takes it: its tokens, with where each of them comes from.
package struct EncodedText: Equatable, Sendable {
  /// One token.
  package struct Token: Equatable, Sendable {
    /// Its id in the vocabulary.
    package let id: Int
    /// The segment that the model is told.
    package let segment: Int
    /// Which of two texts the token is from, 0 or 1; nil for those that the tokenizer put in between.
    package let text: Int?
    /// The piece of the vocabulary; empty where it is unknown.
    package let piece: String
    /// Where the token stands in its text, where it is from one.
    package let span: TextSpan?

    /// States a token.
    package init(
      id: Int, segment: Int = 0, text: Int? = nil, piece: String = "", span: TextSpan? = nil
    ) {
      self.id = id
      self.segment = segment
      self.text = text
      self.piece = piece
      self.span = span
    }
  }

  /// The tokens, special ones among them.
  package let tokens: [Token]
  /// How many more the text has, which were cut off.
  package let cut: Int

  /// States the tokens of a text.
  package init(tokens: [Token], cut: Int = 0) {
    self.tokens = tokens
    self.cut = cut
  }
}
