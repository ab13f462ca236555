public import AlbertTokenizers

/// What a token classifier says of a text.
public struct LabelledText: Equatable, Sendable {
  /// A piece of the vocabulary with its label.
  package struct Token: Equatable, Sendable {
    /// The piece as the vocabulary has it.
    package let piece: String
    /// Its id in the vocabulary.
    package let id: Int
    /// Its place among the model's tokens.
    package let position: Int
    /// Where it stands in the text.
    package let span: TextSpan
    /// Its likeliest class.
    package let label: String
    /// How likely that is.
    package let probability: Double
  }

  /// A word or an entity with its label.
  public struct Part: Equatable, Sendable {
    /// The words of the text.
    public let text: String
    /// Where they stand in the text.
    public let span: TextSpan
    /// The class; of an entity without the `B-` or `I-` before it.
    public let label: String
    /// How likely that is.
    public let probability: Double
  }

  /// Every piece of the text.
  package let tokens: [Token]
  /// Every word, with the label of its first piece, which is the one that training looks at.
  public let words: [Part]
  /// Neighbouring words of one entity together, words outside of any (`O`) left out.
  public let entities: [Part]
}
