internal import AlbertBytes

extension Tokenizer {
  /// What transformers 4.41's `AlbertTokenizerFast` makes of a SentencePiece model.
  static func fastALBERT(
    _ bytes: [UInt8], _ settings: TokenizerSettings, path: String
  ) throws(FileError) -> Tokenizer {
    var settings = settings
    settings.fill(.albert)
    let model = try SentencePieceModel(bytes, path: path)
    // Pieces of a digit and a comma are put out of reach: the number is to stand alone.
    let pieces = model.pieces.map { piece in
      (text: piece.text, score: Double(piece.score) - (piece.text.isNumberAndComma ? 100 : 0))
    }
    let unigram = try FastUnigram(
      pieces, unknownID: model.unknownID, hasByteFallback: false, path: path)
    var steps: [Normalizer] = [
      .replace(.literal(["`", "`"]), with: ["\""]), .replace(.literal(["'", "'"]), with: ["\""]),
    ]
    if !settings.flag("keep_accents", false) { steps += [.form(.nfkd), .stripAccents] }
    if settings.flag("do_lower_case", true) { steps.append(.lowercase) }
    if !model.normalization.characterMap.isEmpty {
      steps.append(.precompiled(try CharacterMap(model.normalization.characterMap, path: path)))
    }
    steps.append(.replace(.run(of: " ", least: 2), with: [" "]))
    let pipeline = Pipeline(
      model: unigram, normalizer: .sequence(steps),
      preTokenizer: .metaspace(PreTokenizer.Metaspace()),
      decoder: .metaspace(.metaspace, prepends: true))
    return fast(pipeline, settings, summary: "SentencePiece (fast)")
  }

  /// What transformers' `BertTokenizerFast` makes of a vocabulary.
  static func fastBERT(
    _ bytes: [UInt8], _ settings: TokenizerSettings, path: String
  ) throws(FileError) -> Tokenizer {
    var settings = settings
    settings.fill(.bert)
    let wordPiece = try WordPiece(
      try WordPiece.lines(bytes, path: path),
      unknown: settings.special[.unknown]?.content ?? "[UNK]", path: path)
    let rules = BERTNormalizer(
      separatesChinese: settings.flag("tokenize_chinese_chars", true),
      stripsAccents: settings.flag("strip_accents"),
      lowercases: settings.flag("do_lower_case", true))
    let pipeline = Pipeline(
      model: wordPiece, normalizer: .bert(rules), preTokenizer: .bert,
      decoder: .wordPiece(prefix: "##", cleansUp: true))
    return fast(pipeline, settings, summary: "WordPiece (fast)")
  }

  /// The pipeline with the special tokens that the settings name, those that it lacks added behind it.
  static func fast(
    _ pipeline: Pipeline, _ settings: TokenizerSettings, summary: String
  ) -> Tokenizer {
    var added = FastAddedTokens(pipeline.model)
    for token in pipeline.added { added.add(token) }
    for id in settings.added.keys.sorted() {
      if let token = settings.added[id], added.tokens.byID[id] != token { added.add(token) }
    }
    for token in settings.allSpecial where added.tokens.id(of: token.content) == nil {
      added.add(token)
    }
    let special = SpecialTokens(settings, in: added.tokens)
    let engine = FastTokenizer(
      pipeline.model, pipeline.normalizer, pipeline.preTokenizer, pipeline.decoder, added.tokens)
    return Tokenizer(
      engine, summary: summary, special: special, template: pipeline.template ?? .bert(special),
      longestInput: settings.longestInput)
  }
}

/// What `tokenizer.json` holds, or what stands for one.
struct Pipeline: Sendable {
  var model: any FastModel
  var normalizer: Normalizer?
  var preTokenizer: PreTokenizer?
  var decoder: Decoder?
  var template: Template?
  var added: [AddedToken] = []
}

/// Added tokens with the ids that the tokenizers library gives them: the model's own, or the next
/// behind it, whatever a file says.
struct FastAddedTokens {
  private(set) var tokens = AddedTokens()
  private let model: any FastModel
  private var next: Int

  init(_ model: any FastModel) {
    self.model = model
    next = model.vocabulary.count
  }

  mutating func add(_ token: AddedToken) {
    guard !token.content.isEmpty else { return }
    if let id = tokens.id(of: token.content) ?? model.id(of: token.content) {
      tokens.add(token, id)
    } else {
      tokens.add(token, next)
      next += 1
    }
  }
}

extension String {
  /// Whether it ends with a digit and a comma.
  var isNumberAndComma: Bool {
    var end = unicodeScalars.reversed().makeIterator()
    return end.next() == "," && end.next()?.isPythonDigit == true
  }
}
