internal import AlbertBytes

/// SentencePiece's normalisation: the character map, spaces folded, and a space before the first word.
struct SentencePieceNormalizer: Sendable {
  private let rules: SentencePieceModel.Normalization
  private let map: CharacterMap?
  private let putsSpaceBehind: Bool
  /// User-defined symbols, which no rule touches.
  private let symbols: ScalarTrie

  init(_ model: SentencePieceModel, symbols: ScalarTrie, path: String) throws(FileError) {
    rules = model.normalization
    putsSpaceBehind = model.putsSpaceBehind
    self.symbols = symbols
    map =
      rules.characterMap.isEmpty ? nil : try CharacterMap(rules.characterMap, path: path)
  }

  func normalize(_ text: AlignedText) -> AlignedText {
    var result = AlignedText()
    result.reserve(text.count + 1)
    var index = 0
    while rules.removesExtraSpaces, index < text.count {
      let (part, end) = prefix(text.scalars, at: index)
      guard part.elements(equal: " ") else { break }
      index = end
    }
    guard index < text.count else { return result }

    let space: Unicode.Scalar = rules.escapesSpaces ? .metaspace : " "
    if rules.addsDummyPrefix, !putsSpaceBehind {
      result.append(space, .emptyBefore(text.sources[index]))
    }
    var isBehindSpace = rules.removesExtraSpaces
    while index < text.count {
      let (part, end) = prefix(text.scalars, at: index)
      let source = AlignedText.Source.joined(text.sources[index], text.sources[end - 1])
      let begin = isBehindSpace ? part.leadingSpaces : 0
      part.forEach(from: begin) { result.append($0 == " " ? space : $0, source) }
      if let last = part.last, begin < part.count { isBehindSpace = last == " " }
      if !rules.removesExtraSpaces { isBehindSpace = false }
      index = end
    }
    if rules.removesExtraSpaces {
      while result.scalars.last == space { result.removeLast() }
    }
    if rules.addsDummyPrefix, putsSpaceBehind, let last = text.sources.last {
      result.append(space, .emptyBehind(last))
    }
    return result
  }

  /// What the text at `index` becomes by the longest rule, and where that ends.
  private func prefix(_ text: [Unicode.Scalar], at index: Int) -> (Replacement, end: Int) {
    if !symbols.isEmpty, let symbol = symbols.longest(in: text, at: index) {
      return (.many(Array(text[index..<symbol.end])), symbol.end)
    }
    if let map, let (text, end) = map.longest(in: text, at: index) { return (.many(text), end) }
    return (.one(text[index]), index + 1)
  }

  /// What a rule yields; most characters stay as they are, for which no array is made.
  private enum Replacement {
    case one(Unicode.Scalar)
    case many([Unicode.Scalar])

    var count: Int {
      switch self {
      case .one: 1
      case .many(let scalars): scalars.count
      }
    }

    var last: Unicode.Scalar? {
      switch self {
      case .one(let scalar): scalar
      case .many(let scalars): scalars.last
      }
    }

    var leadingSpaces: Int {
      switch self {
      case .one(let scalar): scalar == " " ? 1 : 0
      case .many(let scalars): scalars.prefix { $0 == " " }.count
      }
    }

    func elements(equal scalar: Unicode.Scalar) -> Bool { count == 1 && last == scalar }

    func forEach(from begin: Int, _ body: (Unicode.Scalar) -> Void) {
      switch self {
      case .one(let scalar): if begin == 0 { body(scalar) }
      case .many(let scalars): scalars.dropFirst(begin).forEach(body)
      }
    }
  }
}

extension AlignedText.Source {
  /// Nothing, just before.
  static func emptyBefore(_ source: Self) -> Self { Self(start: source.start, end: source.start) }

  /// Nothing, just behind.
  static func emptyBehind(_ source: Self) -> Self { Self(start: source.end, end: source.end) }
}
