public import AlbertBytes

extension Albert {
  /// The likeliest words at each `[MASK]` of a text.
  ///
  /// - Parameters:
  ///   - text: A text with at least one `[MASK]`.
  ///   - top: How many words of each.
  ///   - observer: Told of blocks of layers, and asked inside of them whether to give up.
  /// - Returns: The masks in the order of the text.
  /// - Throws: ``FileError`` where the model has no masked-LM head, or the text no mask.
  public func fillMask(
    _ text: String, top: Int = 5, observer: WorkObserver = WorkObserver()
  ) throws(FileError) -> [FilledMask] {
    try require(contents.mlm, "a masked-LM head")
    for case .masks(let masks) in try results(
      TextRequest(text), ReadingOptions(top: top), observer: observer)
    {
      return masks
    }
    throw FileError(
      path, .missing("a [MASK] in the text"), remedy: "write [MASK] where a word is to be found")
  }

  /// The classes of a text, or of a text with another one, the likeliest first.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - pair: The second text, for models that compare two.
  ///   - observer: Told of blocks of layers, and asked inside of them whether to give up.
  /// - Returns: Every class with its probability, or a regression's values.
  /// - Throws: ``FileError`` where the model is not a sequence classifier.
  public func classify(
    _ text: String, pair: String? = nil, observer: WorkObserver = WorkObserver()
  ) throws(FileError) -> [ScoredLabel] {
    try require(contents.taskHead == .sequenceClassification, "a sequence-classification head")
    for case .labels(let labels, _) in try results(Self.request(text, pair), observer: observer) {
      return labels
    }
    throw missing("a pooler")
  }

  /// The labels of a text's tokens, words and entities.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - observer: Told of blocks of layers, and asked inside of them whether to give up.
  /// - Returns: Pieces, words and entities with their labels and places.
  /// - Throws: ``FileError`` where the model is not a token classifier.
  public func tokenLabels(
    _ text: String, observer: WorkObserver = WorkObserver()
  ) throws(FileError) -> LabelledText {
    try require(contents.taskHead == .tokenClassification, "a token-classification head")
    for case .tokens(let labelled) in try results(TextRequest(text), observer: observer) {
      return labelled
    }
    throw missing("a token-classification head")
  }

  /// The best answer to a question in a context of any length.
  ///
  /// - Parameters:
  ///   - question: The question.
  ///   - context: The text that holds the answer.
  ///   - allowsNoAnswer: Whether the context may have no answer, as SQuAD 2 trains for.
  ///   - observer: Told of blocks of layers, and asked inside of them whether to give up.
  /// - Returns: The answer; nil where none is the likeliest.
  /// - Throws: ``FileError`` where the model has no question-answering head.
  public func answer(
    _ question: String, in context: String, allowsNoAnswer: Bool = false,
    observer: WorkObserver = WorkObserver()
  ) throws(FileError) -> Answer? {
    let answers = try answers(
      question, in: context, top: 1, allowsNoAnswer: allowsNoAnswer, observer: observer)
    return answers.first.flatMap { $0.isNone ? nil : $0 }
  }

  /// The best answers to a question in a context of any length, best first.
  ///
  /// - Parameters:
  ///   - question: The question.
  ///   - context: The text that holds the answers.
  ///   - top: How many answers, each another part of the context.
  ///   - allowsNoAnswer: Whether that there is none is among the answers.
  ///   - observer: Told of blocks of layers, and asked inside of them whether to give up.
  /// - Returns: The answers, each another part of the context.
  /// - Throws: ``FileError`` where the model has no question-answering head.
  package func answers(
    _ question: String, in context: String, top: Int, allowsNoAnswer: Bool = false,
    observer: WorkObserver = WorkObserver()
  ) throws(FileError) -> [Answer] {
    try require(contents.taskHead == .questionAnswering, "a question-answering head")
    let options = ReadingOptions(top: top, allowsNoAnswer: allowsNoAnswer)
    for case .answers(let answers, _) in try results(
      TextRequest(context, .question(question)), options, observer: observer)
    {
      return answers
    }
    return []
  }

  /// Which of several choices goes best with a text, best first.
  ///
  /// - Parameters:
  ///   - text: What the choices are for.
  ///   - choices: The choices.
  ///   - observer: Told of blocks of layers, and asked inside of them whether to give up.
  /// - Returns: Every choice with its share.
  /// - Throws: ``FileError`` where the model has no multiple-choice head.
  public func choose(
    _ text: String, among choices: [String], observer: WorkObserver = WorkObserver()
  ) throws(FileError) -> [ScoredChoice] {
    try require(contents.taskHead == .multipleChoice, "a multiple-choice head")
    if choices.isEmpty { return [] }
    for case .choices(let scored) in try results(
      TextRequest(text, .choices(choices)), observer: observer)
    {
      return scored
    }
    throw missing("a pooler")
  }

  /// Whether a text goes before another one, as the sentence-order head sees it.
  ///
  /// - Parameters:
  ///   - first: The text that may come first.
  ///   - second: The text that may come second.
  ///   - observer: Told of blocks of layers, and asked inside of them whether to give up.
  /// - Returns: How likely either order is.
  /// - Throws: ``FileError`` where the model has no sentence-order head.
  public func order(
    _ first: String, _ second: String, observer: WorkObserver = WorkObserver()
  ) throws(FileError) -> SentenceOrder {
    try require(contents.sop && contents.pooler, "a sentence-order head")
    for case .order(let order) in try results(
      TextRequest(first, .pair(second)), observer: observer)
    { return order }
    throw missing("a sentence-order head")
  }

  /// A text as a vector: the mean over its tokens, or as the model's own pooling config says.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - pair: A second text behind it.
  ///   - observer: Told of blocks of layers, and asked inside of them whether to give up.
  /// - Returns: The vector, as long as the model is wide unless its pooling says otherwise.
  /// - Throws: ``FileError`` where the forward pass cannot run.
  public func embed(
    _ text: String, pair: String? = nil, observer: WorkObserver = WorkObserver()
  ) throws(FileError) -> [Float] {
    try embed([Self.request(text, pair)], observer)[0]
  }

  /// Several texts as vectors, in the order of the texts.
  ///
  /// - Parameters:
  ///   - texts: The texts, which are computed in batches of about the same length.
  ///   - observer: Told of blocks of layers, and asked inside of them whether to give up.
  /// - Returns: A vector for each text.
  /// - Throws: ``FileError`` where the forward pass cannot run.
  public func embed(
    _ texts: [String], observer: WorkObserver = WorkObserver()
  ) throws(FileError) -> [[Float]] {
    try embed(texts.map { TextRequest($0) }, observer)
  }

  private func embed(
    _ requests: [TextRequest], _ observer: WorkObserver
  ) throws(FileError) -> [[Float]] {
    try read(requests, ReadingOptions(embeds: true, onlyEmbeds: true), observer).map(\.vector)
  }

  private static func request(_ text: String, _ pair: String?) -> TextRequest {
    TextRequest(text, pair.map { .pair($0) } ?? .none)
  }

  private func results(
    _ request: TextRequest, _ options: ReadingOptions = ReadingOptions(),
    observer: WorkObserver
  ) throws(FileError) -> [TextReading.Result] {
    try read([request], options, observer).first?.results ?? []
  }

  private func require(_ holds: Bool, _ part: String) throws(FileError) {
    if !holds { throw missing(part) }
  }

  func missing(_ part: String) -> FileError {
    let heads = contents.heads
    let found = heads.isEmpty ? "no head" : heads.joined(separator: ", ")
    return FileError(
      path, .missing(part), remedy: "ask a model that was trained for this; this one has \(found)")
  }
}
