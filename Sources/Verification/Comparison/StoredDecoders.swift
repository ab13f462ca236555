internal import AlbertArchitecture
internal import AlbertBytes
internal import AlbertConversion
internal import AlbertReading
internal import AlbertTensors

/// Compares decoders that two files hold although the models, as they were read, decode with the word
/// embeddings.
///
/// Other readers take them, so that two models of which they differ are not the same.
struct StoredDecoders {
  let subject: LoadedModel
  let reference: LoadedModel
  let isComplete: Bool

  /// The comparison where both files hold one that is not used, and what is to be said where one does.
  func run() throws(FileError) -> (weights: [WeightComparison], findings: [Finding]) {
    let mine = unused(subject)
    let theirs = unused(reference)
    switch (mine, theirs) {
    case (nil, nil): return ([], [])
    case (let mine?, let theirs?):
      let difference = Self.difference(
        try numbers(of: mine, in: subject), try numbers(of: theirs, in: reference))
      guard difference.maxAbs > 0 else { return ([Self.comparison(difference)], []) }
      return (
        [Self.comparison(difference)],
        [
          Finding(
            .warning, code: "stored-decoders-differ",
            "both files hold a decoder of their own that is not used as they were read, and the two "
              + "differ",
            remedy: "state \(.untied) to compare what other readers compute with them",
            tensor: mine.tensor.name)
        ]
      )
    case (.some, nil):
      return ([], [finding("the subject", holds: subject, other: reference, "only-in-subject")])
    case (nil, .some):
      return ([], [finding("the reference", holds: reference, other: subject, "only-in-reference")])
    }
  }

  private func unused(_ model: LoadedModel) -> StoredDecoder? {
    model.inspection.decoder.flatMap { $0.differs && !$0.isUsed ? $0 : nil }
  }

  private func finding(
    _ who: String, holds holder: LoadedModel, other: LoadedModel, _ code: String
  ) -> Finding {
    let name = holder.inspection.decoder?.tensor.name ?? ""
    let isUsed = other.model.contents.untiedDecoder
    return Finding(
      isComplete ? .error : .warning, code: code,
      "\(who)'s file holds '\(name)', which differs from its word embeddings and is not used as it was "
        + "read; the other side " + (isUsed ? "decodes with its own" : "has none"),
      remedy: "state \(.untied) to compare what other readers compute with it", tensor: name)
  }

  private func numbers(
    of decoder: StoredDecoder, in model: LoadedModel
  ) throws(FileError) -> [Double] {
    let tensor = decoder.tensor
    let bytes = try model.inspection.archive.bytes(of: tensor)
    let shape = decoder.layout.transposes ? tensor.shape.reversed : tensor.shape
    let canonical = decoder.layout.toCanonical(
      bytes, canonical: shape, elementSize: tensor.type.size)
    return unsafe canonical.span.bytes.doubles(of: tensor.type) ?? []
  }

  /// The largest difference and the relative one; infinite where the two cannot be compared.
  private static func difference(_ mine: [Double], _ theirs: [Double]) -> (
    maxAbs: Double, relL2: Double
  ) {
    guard mine.count == theirs.count else { return (.infinity, .infinity) }
    var largest = 0.0
    var squares = 0.0
    var norm = 0.0
    for index in mine.indices {
      let difference = mine[index] - theirs[index]
      guard difference.isFinite else { return (.infinity, .infinity) }
      largest = max(largest, abs(difference))
      squares += difference * difference
      norm += theirs[index] * theirs[index]
    }
    return (largest, norm > 0 ? (squares / norm).squareRoot() : squares > 0 ? .infinity : 0)
  }

  private static func comparison(_ difference: (maxAbs: Double, relL2: Double)) -> WeightComparison
  {
    WeightComparison(
      parameter: Parameter(.mlmDecoderWeight), outcome: Outcome(holds: difference.maxAbs == 0),
      bitwiseEqual: difference.maxAbs == 0, maxAbs: difference.maxAbs, relL2: difference.relL2,
      ulps: difference.maxAbs == 0 ? 0 : .infinity,
      problem: difference.maxAbs == 0
        ? nil : "both files hold a decoder of their own that is not used, and the two differ")
  }
}
