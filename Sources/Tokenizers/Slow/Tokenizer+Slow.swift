internal import AlbertBytes

extension Tokenizer {
  /// transformers' `AlbertTokenizer`, or SentencePiece alone where `isPlain`.
  static func slowALBERT(
    _ bytes: [UInt8], _ settings: TokenizerSettings, isPlain: Bool, path: String
  ) throws(FileError) -> Tokenizer {
    var settings = settings
    settings.fill(.albert)
    let processor = try SentencePieceProcessor(
      try SentencePieceModel(bytes, path: path), path: path)
    let cleaning = SlowALBERT.Cleaning(
      isOn: !isPlain, removesSpace: settings.flag("remove_space", true),
      keepsAccents: settings.flag("keep_accents", false),
      lowercases: settings.flag("do_lower_case", true))
    return slow(
      SlowALBERT(processor: processor, cleaning: cleaning), settings,
      lowercases: !isPlain && cleaning.lowercases,
      summary: isPlain ? "SentencePiece (KerasHub)" : "SentencePiece")
  }

  /// transformers' `BertTokenizer`.
  static func slowBERT(
    _ bytes: [UInt8], _ settings: TokenizerSettings, path: String
  ) throws(FileError) -> Tokenizer {
    var settings = settings
    settings.fill(.bert)
    let unknown = settings.special[.unknown]?.content ?? "[UNK]"
    let wordPiece = try WordPiece(
      try WordPiece.lines(bytes, path: path), unknown: unknown, path: path)
    var whole = ScalarTrie()
    for token in settings.allSpecial { whole.insert(token.scalars, 0) }
    let lowercases = settings.flag("do_lower_case", true)
    let model = SlowBERT(
      wordPiece: wordPiece, whole: whole, lowercases: lowercases,
      stripsAccents: settings.flag("strip_accents"),
      separatesChinese: settings.flag("tokenize_chinese_chars", true),
      isBasic: settings.flag("do_basic_tokenize", true))
    return slow(model, settings, lowercases: lowercases, summary: "WordPiece")
  }

  private static func slow(
    _ model: any SlowModel, _ settings: TokenizerSettings, lowercases: Bool, summary: String
  ) -> Tokenizer {
    var added = AddedTokens()
    for (id, token) in settings.added { added.add(token, id) }
    // Special tokens that the vocabulary lacks get the ids behind it.
    var next = model.vocabulary.count
    for id in added.sorted where id >= next { next = id + 1 }
    for token in settings.allSpecial where added.id(of: token.content) == nil {
      if let id = model.id(of: token.content) {
        added.add(token, id)
      } else {
        added.add(token, next)
        next += 1
      }
    }
    let special = SpecialTokens(settings, in: added)
    let engine = SlowTokenizer(
      model, added, special: settings.allSpecial.map(\.content), lowercases: lowercases)
    return Tokenizer(
      engine, summary: summary, special: special, template: .bert(special),
      longestInput: settings.longestInput)
  }
}

extension [SpecialTokens.Role: AddedToken] {
  /// Those of `AlbertTokenizer`; the mask takes the space before it along.
  static var albert: Self {
    [
      .beginning: AddedToken(content: "[CLS]"), .end: AddedToken(content: "[SEP]"),
      .unknown: AddedToken(content: "<unk>"), .separator: AddedToken(content: "[SEP]"),
      .padding: AddedToken(content: "<pad>"), .classification: AddedToken(content: "[CLS]"),
      .mask: AddedToken(content: "[MASK]", takesSpaceBefore: true),
    ]
  }

  /// Those of `BertTokenizer`.
  static var bert: Self {
    [
      .unknown: AddedToken(content: "[UNK]"), .separator: AddedToken(content: "[SEP]"),
      .padding: AddedToken(content: "[PAD]"), .classification: AddedToken(content: "[CLS]"),
      .mask: AddedToken(content: "[MASK]"),
    ]
  }
}
