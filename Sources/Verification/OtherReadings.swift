internal import AlbertArchitecture
internal import AlbertDiagnosis
internal import AlbertBytes
internal import AlbertConversion
internal import AlbertReading
internal import AlbertTensors

/// What a file leaves open and a recording may settle: the kind of a head, and which matrix decodes.
enum OtherReadings {
  /// The code of a head of another kind than was read.
  static let headCode = "head-kind"

  /// What the shape of recorded logits says of the head's kind, where that is another one than the
  /// subject was read with.
  static func headFinding(_ subject: LoadedModel, _ golden: GoldenFile, _ inputs: ModelInputs)
    -> Finding?
  {
    let contents = subject.model.contents
    guard let head = contents.taskHead, head != .questionAnswering,
      let recorded = golden.stages[.logits]?.shape
    else { return nil }
    let labels = subject.model.config.numLabels
    let fitting = TaskHead.allCases.filter { kind in
      guard kind != .questionAnswering, kind.onlyLabelCount ?? labels == labels else {
        return false
      }
      var other = contents
      other.taskHead = kind
      return Stage.logits.shape(subject.model.config, other, inputs) == recorded
    }
    guard let first = fitting.first, !fitting.contains(head) else { return nil }
    return Finding(
      .warning, code: headCode,
      "the recorded logits \(recorded) are those of a head for \(first.rawValue), the subject was read "
        + "with one for \(head.rawValue)", remedy: "state it with \(.head(first.rawValue))")
  }

  /// The explanation that the recording was made with the other reading of the decoder.
  static func decoderDiagnosis(_ subject: LoadedModel, explains: Double) -> Diagnosis {
    let isUsed = subject.inspection.decoder?.isUsed ?? false
    let words = Parameter(.wordEmbeddings).name
    return Diagnosis(
      .untiedDecoder, parameter: Parameter(.mlmDecoderWeight).name, otherParameter: words,
      message: isUsed
        ? "the golden file was computed with the word embeddings as the decoder, the subject decodes with "
          + "the matrix that its file holds beside them"
        : "the golden file was computed with the decoder's own matrix that the subject's file holds, the "
          + "subject decodes with the word embeddings",
      explains: explains,
      remedy: isUsed ? "\(.tied) reads it so" : "\(.untied) reads it so")
  }
}
