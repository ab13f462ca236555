public import AlbertArchitecture
package import AlbertBytes
package import AlbertTokenizers

/// An ALBERT that reads text: a model with its tokenizer.
///
/// ```swift
/// let albert = try Albert("model.albert")
/// let masks = try albert.fillMask("In the beginning God created the [MASK] and the earth.")
/// print(masks[0].words[0].word)                       // heaven
/// ```
///
/// It is immutable: any number of threads and tasks may ask at a time. A text that is longer than the
/// model's positions is cut at its end, but for the context of a question, which is read in windows.
public final class Albert: Sendable {
  /// What the model computes.
  public let config: AlbertConfig
  /// Which parts the model has, and so what it can be asked.
  package let contents: ModelContents

  /// What was noticed about its files.
  package let findings: [Finding]

  let path: String
  let tokenizer: Tokenizer
  let engine: ForwardEngine
  let pooling: SentencePooling
  let wordRule: WordRule
  private let checkUnchanged: @Sendable () throws(FileError) -> Void

  /// The model of some parameters, with the tokenizer that belongs to it.
  ///
  /// `path` is what errors name, and `checkUnchanged` asks whether what was computed counts. Throws
  /// where model and tokenizer do not fit together.
  package init(
    _ store: any ParameterStore, _ tokenizer: Tokenizer, _ engine: ForwardEngine, path: String,
    pooling: SentencePooling = .mean, findings: [Finding] = [],
    checkUnchanged: @escaping @Sendable () throws(FileError) -> Void = {}
  ) throws(FileError) {
    config = store.config
    contents = store.contents
    self.path = path
    self.tokenizer = tokenizer
    self.engine = engine
    self.pooling = pooling
    self.findings = findings
    self.checkUnchanged = checkUnchanged
    wordRule = WordRule(tokenizer)
    guard tokenizer.fits(embeddings: config.vocabSize) else {
      throw FileError(
        path,
        .mismatch(
          of: "the vocabulary", expected: "\(config.vocabSize) rows of word embeddings",
          found: "\(tokenizer.vocabularySize) pieces in the tokenizer"),
        remedy: "put the tokenizer beside the model that it was trained with, or give ids")
    }
  }

  /// What the model says of each text.
  ///
  /// Throws where it has no head for what is asked, and `cancelled` where the observer gives up.
  package func read(
    _ requests: [TextRequest], _ options: ReadingOptions = ReadingOptions(),
    _ observer: WorkObserver = WorkObserver()
  ) throws(FileError) -> [TextReading] {
    var work = try ReadingWork(self, requests, options)
    do throws(InputProblem) {
      try work.run(observer)
    } catch {
      throw error.fileError(path: path)
    }
    try checkUnchanged()
    return work.readings
  }
}
