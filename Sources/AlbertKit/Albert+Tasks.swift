public import AlbertBytes
public import AlbertPipelines

// The calls that block, for tasks: the caller's actor goes on meanwhile, and a task that is cancelled
// throws `cancelled` inside of the layers.
extension Albert {
  /// The likeliest words at each `[MASK]` of a text.
  ///
  /// - Parameters:
  ///   - text: A text with at least one `[MASK]`.
  ///   - top: How many words of each.
  /// - Returns: The masks in the order of the text.
  /// - Throws: ``FileError`` where the model has no masked-LM head, or the text no mask.
  public func fillMask(_ text: String, top: Int = 5) async throws(FileError) -> [FilledMask] {
    try await inTask { (albert, observer) throws(FileError) in
      try albert.fillMask(text, top: top, observer: observer)
    }
  }

  /// The classes of a text, or of a text with another one, the likeliest first.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - pair: The second text, for models that compare two.
  /// - Returns: Every class with its probability, or a regression's values.
  /// - Throws: ``FileError`` where the model is not a sequence classifier.
  public func classify(
    _ text: String, pair: String? = nil
  ) async throws(FileError) -> [ScoredLabel] {
    try await inTask { (albert, observer) throws(FileError) in
      try albert.classify(text, pair: pair, observer: observer)
    }
  }

  /// The labels of a text's tokens, words and entities.
  ///
  /// - Parameter text: The text.
  /// - Returns: Pieces, words and entities with their labels and places.
  /// - Throws: ``FileError`` where the model is not a token classifier.
  public func tokenLabels(_ text: String) async throws(FileError) -> LabelledText {
    try await inTask { (albert, observer) throws(FileError) in
      try albert.tokenLabels(text, observer: observer)
    }
  }

  /// The best answer to a question in a context of any length.
  ///
  /// - Parameters:
  ///   - question: The question.
  ///   - context: The text that holds the answer.
  ///   - allowsNoAnswer: Whether the context may have no answer, as SQuAD 2 trains for.
  /// - Returns: The answer; nil where none is the likeliest.
  /// - Throws: ``FileError`` where the model has no question-answering head.
  public func answer(
    _ question: String, in context: String, allowsNoAnswer: Bool = false
  ) async throws(FileError) -> Answer? {
    try await inTask { (albert, observer) throws(FileError) in
      try albert.answer(
        question, in: context, allowsNoAnswer: allowsNoAnswer, observer: observer)
    }
  }

  /// Which of several choices goes best with a text, best first.
  ///
  /// - Parameters:
  ///   - text: What the choices are for.
  ///   - choices: The choices.
  /// - Returns: Every choice with its share.
  /// - Throws: ``FileError`` where the model has no multiple-choice head.
  public func choose(
    _ text: String, among choices: [String]
  ) async throws(FileError) -> [ScoredChoice] {
    try await inTask { (albert, observer) throws(FileError) in
      try albert.choose(text, among: choices, observer: observer)
    }
  }

  /// Whether a text goes before another one, as the sentence-order head sees it.
  ///
  /// - Parameters:
  ///   - first: The text that may come first.
  ///   - second: The text that may come second.
  /// - Returns: How likely either order is.
  /// - Throws: ``FileError`` where the model has no sentence-order head.
  public func order(
    _ first: String, _ second: String
  ) async throws(FileError) -> SentenceOrder {
    try await inTask { (albert, observer) throws(FileError) in
      try albert.order(first, second, observer: observer)
    }
  }

  /// A text as a vector: the mean over its tokens, or as the model's own pooling config says.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - pair: A second text behind it.
  /// - Returns: The vector, as long as the model is wide unless its pooling says otherwise.
  /// - Throws: ``FileError`` where the forward pass cannot run.
  public func embed(_ text: String, pair: String? = nil) async throws(FileError) -> [Float] {
    try await inTask { (albert, observer) throws(FileError) in
      try albert.embed(text, pair: pair, observer: observer)
    }
  }

  /// Several texts as vectors, in the order of the texts.
  ///
  /// - Parameter texts: The texts, which are computed in batches of about the same length.
  /// - Returns: A vector for each text.
  /// - Throws: ``FileError`` where the forward pass cannot run.
  public func embed(_ texts: [String]) async throws(FileError) -> [[Float]] {
    try await inTask { (albert, observer) throws(FileError) in
      try albert.embed(texts, observer: observer)
    }
  }

  private func inTask<Value: Sendable>(
    _ body: @escaping @Sendable (Albert, WorkObserver) throws(FileError) -> Value
  ) async throws(FileError) -> Value {
    try await BlockingWork.run { (isCancelled) throws(FileError) in
      try body(self, WorkObserver(isCancelled: isCancelled))
    }
  }
}
