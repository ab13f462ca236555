/// The pipeline of the tokenizers library: added tokens, normalizer, pre-tokenizer, model.
struct FastTokenizer: TokenizerEngine {
  private let normalizer: Normalizer?
  private let preTokenizer: PreTokenizer?
  private let model: any FastModel
  private let decoder: Decoder?
  private let added: AddedTokens
  /// Added tokens that are looked for in the text as it is.
  private let raw: ScalarTrie
  /// Those that are looked for in the normalised text.
  private let normalized: ScalarTrie
  let vocabulary: TokenVocabulary
  let truncation = PairTruncation.halves

  init(
    _ model: any FastModel, _ normalizer: Normalizer?, _ preTokenizer: PreTokenizer?,
    _ decoder: Decoder?, _ added: AddedTokens
  ) {
    self.model = model
    self.normalizer = normalizer
    self.preTokenizer = preTokenizer
    self.decoder = decoder
    self.added = added
    raw = added.trie { !$0.isNormalized }
    normalized = added.trie({ $0.isNormalized }) { token in
      normalizer?.normalize(AlignedText(token.content)).scalars ?? token.scalars
    }
    var vocabulary = model.vocabulary
    vocabulary.add(added)
    self.vocabulary = vocabulary
  }

  func tokens(_ text: String) -> [Token] {
    parts(AlignedText(text), raw).flatMap { part -> [Token] in
      if let token = part.token { return [token] }
      let text = normalizer?.normalize(part.text) ?? part.text
      return parts(text, normalized).flatMap { part -> [Token] in
        if let token = part.token { return [token] }
        let words = preTokenizer?.split([part.text]) ?? [part.text]
        return words.flatMap { model.tokens($0) }
      }
    }
  }

  func text(_ pieces: [DecodedPiece]) -> String {
    let pieces = pieces.map(\.piece)
    return decoder?.decode(pieces).joined() ?? pieces.joined(separator: " ")
  }

  /// A text between added tokens, or one of them.
  private struct Part {
    var text: AlignedText
    var token: Token?
  }

  /// The text cut at the longest added tokens from left to right.
  private func parts(_ text: AlignedText, _ trie: ScalarTrie) -> [Part] {
    guard !text.isEmpty else { return [] }
    guard !trie.isEmpty else { return [Part(text: text)] }
    let scalars = text.scalars
    var parts: [Part] = []
    var begin = 0
    var index = 0
    while index < scalars.count {
      guard let match = trie.longest(in: scalars, at: index),
        let token = added.byID[Int(match.value)]
      else {
        index += 1
        continue
      }
      var (start, end) = (index, match.end)
      index = end
      if token.isWholeWord {
        let isApart =
          (start == 0 || !scalars[start - 1].isWord)
          && (end == scalars.count || !scalars[end].isWord)
        if !isApart { continue }
      }
      if token.takesSpaceBefore {
        while start > begin, scalars[start - 1].isSpace { start -= 1 }
      }
      if token.takesSpaceBehind {
        while end < scalars.count, scalars[end].isSpace { end += 1 }
      }
      if begin < start { parts.append(Part(text: text[begin..<start])) }
      let part = text[start..<end]
      parts.append(
        Part(
          text: part,
          token: Token(id: Int(match.value), piece: token.content, source: part.source)))
      begin = end
    }
    if begin < scalars.count { parts.append(Part(text: text[begin..<scalars.count])) }
    return parts
  }
}
