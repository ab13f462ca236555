package import AlbertArchitecture
package import AlbertBytes
package import AlbertConversion
internal import AlbertReading
internal import AlbertTokenizers

extension Albert {
  /// The model that was loaded, with the tokenizer and the pooling that belong to it.
  ///
  /// Throws where it has no tokenizer, or one of another vocabulary.
  package convenience init(_ loaded: LoadedModel, engine: Engine = .fast) throws(FileError) {
    let tokenizer = try Tokenizer(try loaded.inspection.tokenizerFiles())
    let (pooling, findings) = try SentencePooling.read(
      try loaded.inspection.poolingFiles(), usual: tokenizer.longestInput)
    try self.init(
      loaded.model, tokenizer,
      try ForwardEngine(engine, loaded.model), path: loaded.inspection.path.string,
      pooling: pooling ?? .mean, findings: findings,
      checkUnchanged: { () throws(FileError) in try loaded.checkUnchanged() })
  }

  /// The most tokens of one input: the positions, or fewer where sentence-transformers cuts texts before.
  var longestInput: Int {
    min(config.maxPositionEmbeddings, max(pooling.longestInput ?? .max, 1))
  }

  /// The inputs that texts become: a row each, or a row for each window or choice.
  package func inputs(_ requests: [TextRequest]) throws(FileError) -> ModelInputs {
    let encoder = TextEncoder(tokenizer, positions: longestInput)
    let areChoices = requests.count == 1 && contents.taskHead == .multipleChoice
    do throws(InputProblem) {
      return try TextBatch.inputs(
        requests.flatMap(encoder.encode), padding: padding, areChoices: areChoices)
    } catch {
      throw error.fileError(path: path)
    }
  }
}
