internal import AlbertTokenizers

/// The labels of a text's tokens, words and entities.
enum TokenLabelling {
  /// What `scores`, a token's row of classes, says of every token of `text` that comes from it.
  static func label(
    _ text: EncodedText, of source: String, scores: (Int) -> ArraySlice<Float>, names: ClassNames,
    words rule: WordRule
  ) -> LabelledText {
    let tokens: [LabelledText.Token] = text.tokens.indices.compactMap { position in
      let token = text.tokens[position]
      guard let span = token.span, token.text == 0 else { return nil }
      let shares = Distribution.softmax(scores(position))
      guard let best = Distribution.best(1, of: shares).first else { return nil }
      return LabelledText.Token(
        piece: token.piece, id: token.id, position: position, span: span, label: names[best],
        probability: shares[best])
    }
    let words = words(tokens, of: source, isContinued: rule.continuation(in: source))
    // A mark of a word's beginning may be a piece of its own, of which a reader sees nothing.
    return LabelledText(
      tokens: tokens, words: words.filter { !$0.isBlank },
      entities: entities(words, of: source).filter { !$0.isBlank })
  }

  /// Tokens of one word together, under the label of the first.
  private static func words(
    _ tokens: [LabelledText.Token], of source: String, isContinued: (LabelledText.Token) -> Bool
  ) -> [LabelledText.Part] {
    var groups: [[LabelledText.Token]] = []
    for token in tokens {
      if !groups.isEmpty, isContinued(token) {
        groups[groups.count - 1].append(token)
      } else {
        groups.append([token])
      }
    }
    return groups.compactMap { group in
      guard let first = group.first, let last = group.last else { return nil }
      // Tokenizers differ in what a mark alone spans, the letter after it among others.
      let isMark = group.allSatisfy { $0.piece == WordRule.beginning }
      let span =
        isMark
        ? first.span.beginning
        : TextSpan(from: first.span, through: last.span).trimmed(in: source)
      return LabelledText.Part(
        text: span.text(in: source), span: span, label: first.label,
        probability: first.probability)
    }
  }

  /// Words of one entity together: those of one tag, up to the next that begins one (`B-`).
  private static func entities(
    _ words: [LabelledText.Part], of source: String
  ) -> [LabelledText.Part] {
    var groups: [[LabelledText.Part]] = []
    for word in words {
      if let last = groups.last?.last, tag(last.label) == tag(word.label),
        !word.label.hasPrefix("B-")
      {
        groups[groups.count - 1].append(word)
      } else {
        groups.append([word])
      }
    }
    return groups.compactMap { group in
      guard let first = group.first, let last = group.last, first.label != "O" else { return nil }
      let span = TextSpan(from: first.span, through: last.span).trimmed(in: source)
      let mean = group.map(\.probability).reduce(0, +) / Double(group.count)
      return LabelledText.Part(
        text: span.text(in: source), span: span, label: tag(first.label), probability: mean)
    }
  }

  private static func tag(_ label: String) -> String {
    label.hasPrefix("B-") || label.hasPrefix("I-") ? String(label.dropFirst(2)) : label
  }
}

extension LabelledText.Part {
  /// Whether it holds white space alone.
  fileprivate var isBlank: Bool { text.unicodeScalars.allSatisfy(\.properties.isWhitespace) }
}
