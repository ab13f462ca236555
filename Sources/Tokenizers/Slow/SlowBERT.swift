/// BERT's basic tokenizer and WordPiece behind it, as transformers' `BertTokenizer` has them.
struct SlowBERT: SlowModel {
  let wordPiece: WordPiece
  /// Spellings that are not taken apart.
  let whole: ScalarTrie
  var lowercases = true
  var stripsAccents: Bool?
  var separatesChinese = true
  /// Whether words are found at all before WordPiece.
  var isBasic = true

  func pieces(_ text: AlignedText) -> [AlignedPiece] {
    guard isBasic else { return text.words { $0.isPythonSpace }.flatMap { wordPiece.pieces($0) } }
    return words(text).flatMap { word -> [AlignedPiece] in
      isWhole(word) ? [AlignedPiece(word)] : wordPiece.pieces(word)
    }
  }

  func id(of piece: String) -> Int? { wordPiece.id(of: piece) }

  var unknownID: Int { wordPiece.unknownID }

  var vocabulary: TokenVocabulary { wordPiece.vocabulary }

  func text(_ pieces: [DecodedPiece]) -> String {
    pieces.map(\.piece).joined(separator: " ").replacing(" ##", with: "").trimmed
  }

  private func isWhole(_ word: AlignedText) -> Bool { whole.value(of: word.scalars) != nil }

  private func words(_ text: AlignedText) -> [AlignedText] {
    var clean = text.filter { $0.value != 0 && $0.value != 0xFFFD && !$0.isBERTControl }
    clean = clean.flatMap { scalar, emit in emit(scalar.isBERTSpace ? " " : scalar) }
    if separatesChinese { clean = clean.spacing { $0.isChinese } }
    clean = clean.normalized(.nfc)
    return clean.words { $0.isPythonSpace }.flatMap { word -> [AlignedText] in
      if isWhole(word) { return [word] }
      var word = word
      if lowercases { word = word.pythonLowercased }
      if stripsAccents ?? lowercases {
        word = word.normalized(.nfd).filter { !$0.isNonspacingMark }
      }
      if isWhole(word) { return [word] }
      // Lower case and decompositions may bring white space along.
      return word.isolating { $0.isBERTPunctuation }.flatMap { $0.words { $0.isPythonSpace } }
    }
  }
}

extension Unicode.Scalar {
  /// What BERT drops: all of general category C but tab and line ends.
  fileprivate var isBERTControl: Bool {
    if self == "\t" || self == "\n" || self == "\r" { return false }
    return isOther
  }

  /// What BERT makes a space: tab, line ends and all of general category Zs.
  fileprivate var isBERTSpace: Bool {
    if self == " " || self == "\t" || self == "\n" || self == "\r" { return true }
    return value >= 0xA0 && properties.generalCategory == .spaceSeparator
  }
}

extension String {
  /// Without spaces around it.
  var trimmed: String { AlignedText(self).trimmed { $0.isPythonSpace }.string }

  /// Every `pattern`, from left to right, replaced.
  func replacing(_ pattern: String, with replacement: String) -> String {
    AlignedText(self).replacing(
      Array(pattern.unicodeScalars), with: Array(replacement.unicodeScalars),
      source: AlignedText.Source.joined
    ).string
  }
}
