/// Turns text into the ids that a model reads, and back, exactly as the model's own tokenizer does.
package struct Tokenizer: Sendable {
  /// How the tokenizer works, in a word or two for people.
  package let summary: String
  /// Every id with its piece.
  package let vocabulary: TokenVocabulary
  /// The tokens with a meaning of their own.
  package let specialTokens: SpecialTokens
  /// The most tokens that its config allows for, where it states a number.
  package let longestInput: Int?

  private let engine: any TokenizerEngine
  private let template: Template

  init(
    _ engine: any TokenizerEngine, summary: String, special: SpecialTokens, template: Template,
    longestInput: Int?
  ) {
    self.engine = engine
    self.summary = summary
    self.template = template
    self.longestInput = longestInput
    specialTokens = special
    vocabulary = engine.vocabulary
  }

  /// The rows that a table of embeddings needs for all ids.
  package var vocabularySize: Int { vocabulary.count }

  /// Whether a table of `rows` embeddings is made for this vocabulary: as many as there are ids, or
  /// that number rounded up as trainers do for the sake of speed.
  package func fits(embeddings rows: Int) -> Bool {
    let size = vocabularySize
    return [1, 8, 16, 32, 64, 128].contains { unit in (size + unit - 1) / unit * unit == rows }
  }

  /// The scalars of the longest text that is encoded; of a longer one the rest is passed over.
  package static let longestText = 1 << 30

  /// The ids of a text, or of a pair of them.
  package func encode(
    _ text: String, pair: String? = nil, _ options: EncodingOptions = EncodingOptions()
  ) -> Encoding {
    var template = pair == nil ? self.template.single : self.template.pair
    if !options.addsSpecialTokens {
      template.removeAll { if case .special = $0 { true } else { false } }
    }
    let texts = [text] + (pair.map { [$0] } ?? [])
    var tokens = texts.map { engine.tokens($0) }
    var encoding = Encoding()
    encoding.cutCount = cut(&tokens, options, template)
    let spans = zip(texts, tokens).map { SpanTable($0, for: $1) }
    for element in template {
      switch element {
      case .special(let id, let piece, let type):
        encoding.append(id, piece, type, nil, nil)
      case .text(let index, let type):
        guard tokens.indices.contains(index) else { continue }
        for token in tokens[index] {
          encoding.append(token.id, token.piece, type, spans[index].span(token.source), index)
        }
      }
    }
    return encoding
  }

  /// The text of ids; those that the vocabulary lacks are left out.
  package func decode(_ ids: [Int], skipsSpecialTokens: Bool = true) -> String {
    let pieces = ids.compactMap { id -> DecodedPiece? in
      guard let piece = vocabulary.piece(id) else { return nil }
      return DecodedPiece(id: id, piece: piece, isSpecial: vocabulary.specialIDs.contains(id))
    }
    return engine.text(skipsSpecialTokens ? pieces.filter { !$0.isSpecial } : pieces)
  }

  /// Shortens the texts' tokens so that the template fits, and says by how many.
  private func cut(
    _ tokens: inout [[Token]], _ options: EncodingOptions, _ template: [Template.Element]
  ) -> Int {
    guard let maximum = options.maximumLength else { return 0 }
    let special = template.count { if case .special = $0 { true } else { false } }
    let most = max(0, maximum - special)
    let counts = tokens.map(\.count)
    var left = counts
    if counts.count < 2 {
      left = counts.map { min($0, most) }
    } else {
      switch options.truncation {
      case .longestFirst:
        let lengths = engine.truncation.lengths(counts[0], counts[1], most: most)
        left = [lengths.0, lengths.1]
      case .onlyFirst: left[0] = max(0, min(counts[0], most - counts[1]))
      case .onlySecond: left[1] = max(0, min(counts[1], most - counts[0]))
      }
    }
    for index in tokens.indices { tokens[index] = Array(tokens[index].prefix(left[index])) }
    return counts.reduce(0, +) - tokens.reduce(0) { $0 + $1.count }
  }
}

extension Encoding {
  fileprivate mutating func append(
    _ id: Int, _ piece: String, _ type: Int, _ span: TextSpan?, _ text: Int?
  ) {
    ids.append(id)
    pieces.append(piece)
    tokenTypeIDs.append(type)
    specialTokensMask.append(text == nil)
    offsets.append(span)
    textIndices.append(text)
  }
}

/// Where the scalars of a text lie in its UTF-8.
private struct SpanTable {
  private var starts: [Int] = [0]

  /// A table as far as `tokens` reach.
  init(_ text: String, for tokens: [Token]) {
    guard !tokens.isEmpty else { return }
    starts.reserveCapacity(text.utf8.count + 1)
    for scalar in text.unicodeScalars {
      starts.append((starts.last ?? 0) + UTF8.width(scalar))
    }
  }

  func span(_ source: AlignedText.Source) -> TextSpan {
    let start = max(0, min(Int(source.start), starts.count - 1))
    let end = max(start, min(Int(source.end), starts.count - 1))
    return TextSpan(scalars: start..<end, bytes: starts[start]..<starts[end])
  }
}
