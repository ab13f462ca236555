/// A text that a model is asked about.
package struct TextRequest: Equatable, Sendable {
  /// The text; of a question its context, of multiple choice what the choices are for.
  package var text: String
  /// What goes with it: nothing, a second text, a question about it, or choices for it.
  package var companion: Companion

  /// What goes with a text.
  package enum Companion: Equatable, Sendable {
    case none
    case pair(String)
    case question(String)
    case choices([String])
  }

  /// Asks about a text.
  package init(_ text: String, _ companion: Companion = .none) {
    self.text = text
    self.companion = companion
  }
}

/// What a caller decides about reading texts.
package struct ReadingOptions: Equatable, Sendable {
  /// The most words of a mask and answers of a question.
  package var top: Int
  /// Whether a text that exceeds the model's positions is an error instead of being cut.
  package var isStrict: Bool
  /// Whether a question may have no answer, as in SQuAD 2.
  package var allowsNoAnswer: Bool
  /// Whether a text's vector is wanted whatever the heads say.
  package var embeds: Bool
  /// Whether nothing else is.
  package var onlyEmbeds: Bool

  /// Makes options.
  package init(
    top: Int = 5, isStrict: Bool = false, allowsNoAnswer: Bool = false, embeds: Bool = false,
    onlyEmbeds: Bool = false
  ) {
    self.top = top
    self.isStrict = isStrict
    self.allowsNoAnswer = allowsNoAnswer
    self.embeds = embeds
    self.onlyEmbeds = onlyEmbeds
  }
}
