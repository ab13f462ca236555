/// What transformers' tokenizers written in Python do around a model: added tokens are cut out of the
/// text, everything else is put into lower case and handed to the model.
struct SlowTokenizer: TokenizerEngine {
  private let model: any SlowModel
  private let added: AddedTokens
  private let lowercases: Bool
  /// Added tokens by their spelling.
  private let trie: ScalarTrie
  /// Tokens whose letters keep their case, by the place in which they are tried.
  private let shielded: ScalarTrie
  let vocabulary: TokenVocabulary
  let truncation = PairTruncation.tokenByToken

  /// `special` are the special tokens' spellings in the order in which Python tries them.
  init(_ model: any SlowModel, _ added: AddedTokens, special: [String], lowercases: Bool) {
    self.model = model
    self.added = added
    self.lowercases = lowercases
    trie = added.trie()
    var shielded = ScalarTrie()
    let words = added.sorted.compactMap { added.byID[$0] }.filter {
      !$0.isSpecial && $0.isNormalized
    }
    for (place, name) in (special + words.map(\.content)).enumerated() {
      let scalars = name.unicodeScalars
      guard !scalars.isEmpty, shielded.value(of: scalars) == nil else { continue }
      shielded.insert(scalars, Int32(truncatingIfNeeded: place))
    }
    self.shielded = shielded
    var vocabulary = model.vocabulary
    vocabulary.add(added)
    self.vocabulary = vocabulary
  }

  func tokens(_ text: String) -> [Token] {
    var text = AlignedText(text)
    if lowercases { text = lowercased(text) }
    return parts(text).flatMap { part -> [Token] in
      if let id = part.id, let token = added.byID[id] {
        return [Token(id: id, piece: token.content, source: part.text.source)]
      }
      return model.pieces(part.text).map { piece in
        Token(
          id: added.id(of: piece.text) ?? model.id(of: piece.text) ?? model.unknownID,
          piece: piece.text, source: piece.part.source)
      }
    }
  }

  func text(_ pieces: [DecodedPiece]) -> String { model.text(pieces) }

  /// Each letter in lower case, but those of special tokens.
  private func lowercased(_ text: AlignedText) -> AlignedText {
    var result = AlignedText()
    result.reserve(text.count)
    var index = 0
    while index < text.count {
      if let end = shieldedEnd(text.scalars, at: index) {
        result.append(text[index..<end])
        index = end
      } else {
        let source = text.sources[index]
        text.scalars[index].lowercase { result.append($0, source) }
        index += 1
      }
    }
    return result
  }

  /// The end of the token that keeps its case: the first in order that fits, not the longest.
  private func shieldedEnd(_ text: [Unicode.Scalar], at start: Int) -> Int? {
    var node = ScalarTrie.root
    var index = start
    var found: (place: Int32, end: Int)?
    while index < text.count, let next = shielded.child(node, text[index]) {
      node = next
      index += 1
      if let place = shielded.value(node), place < found?.place ?? .max { found = (place, index) }
    }
    return found?.end
  }

  /// A text between added tokens, or one of them.
  private struct Part {
    var text: AlignedText
    /// The added token that it is.
    var id: Int?
  }

  /// The text cut at added tokens, whose spaces are taken away as they ask for.
  private func parts(_ text: AlignedText) -> [Part] {
    var parts: [Part] = []
    var begin = 0
    var index = 0
    while index < text.count {
      guard let match = trie.longest(in: text.scalars, at: index) else {
        index += 1
        continue
      }
      if begin < index { parts.append(Part(text: text[begin..<index])) }
      parts.append(Part(text: text[index..<match.end], id: Int(match.value)))
      (begin, index) = (match.end, match.end)
    }
    if begin < text.count { parts.append(Part(text: text[begin..<text.count])) }
    for index in parts.indices {
      guard let id = parts[index].id, let token = added.byID[id] else { continue }
      apply(token, at: index, to: &parts)
    }
    return parts.filter { !$0.text.isEmpty }
  }

  private func apply(_ token: AddedToken, at index: Int, to parts: inout [Part]) {
    let left = index > 0 && !parts[index - 1].text.isEmpty
    let right = index + 1 < parts.count && !parts[index + 1].text.isEmpty
    if token.takesSpaceBehind, right {
      parts[index + 1].text = parts[index + 1].text.trimmed(right: false) { $0.isPythonSpace }
    }
    if token.takesSpaceBefore, left {
      parts[index - 1].text = parts[index - 1].text.trimmed(left: false) { $0.isPythonSpace }
    }
    guard token.isWholeWord else { return }
    if left, let last = parts[index - 1].text.scalars.last, last != " " {
      parts[index - 1].text.append(parts[index].text)
      parts[index - 1].id = nil
      parts[index] = Part(text: AlignedText())
    } else if right, let first = parts[index + 1].text.scalars.first, first != " " {
      var joined = parts[index].text
      joined.append(parts[index + 1].text)
      parts[index + 1] = Part(text: joined)
      parts[index] = Part(text: AlignedText())
    }
  }
}

/// What turns a text without added tokens into pieces, and pieces into text.
protocol SlowModel: Sendable {
  /// The model's own vocabulary.
  var vocabulary: TokenVocabulary { get }
  /// The id of what the vocabulary lacks.
  var unknownID: Int { get }

  /// The pieces of a text without added tokens.
  func pieces(_ text: AlignedText) -> [AlignedPiece]
  /// The id of a piece; nil where there is none.
  func id(of piece: String) -> Int?
  /// The text of pieces.
  func text(_ pieces: [DecodedPiece]) -> String
}
