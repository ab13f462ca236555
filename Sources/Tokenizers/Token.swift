/// One piece of a text, before special tokens surround it.
struct Token: Sendable {
  var id: Int
  var piece: String
  /// The part of the text that it stands for, in scalars.
  var source: AlignedText.Source
}

/// A way from a text to its tokens and back.
protocol TokenizerEngine: Sendable {
  /// The tokens of a text, without those that a template adds.
  func tokens(_ text: String) -> [Token]
  /// The text of tokens that lie side by side.
  func text(_ pieces: [DecodedPiece]) -> String
  /// Vocabulary and added tokens.
  var vocabulary: TokenVocabulary { get }
  /// How an overlong pair is cut.
  var truncation: PairTruncation { get }
}

/// A token on its way back to text.
struct DecodedPiece: Sendable {
  let id: Int
  let piece: String
  let isSpecial: Bool
}
