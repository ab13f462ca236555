internal import AlbertArchitecture
internal import AlbertBytes
internal import AlbertConversion
internal import AlbertReading
internal import AlbertTensors

/// Decoders that two files hold although the models, as they were read, decode with the word embeddings.
///
/// Other readers take them, so that two models of which they differ are not the same.
enum StoredDecoders {
  /// The comparison where both files hold one that is not used, and what is to be said where one does;
  /// an error where everything should be on both sides.
  static func compare(
    _ subject: LoadedModel, with reference: LoadedModel, isComplete: Bool
  ) throws(FileError) -> (weights: [WeightComparison], findings: [Finding]) {
    func note(_ who: String, _ decoder: StoredDecoder, other: LoadedModel, _ code: String)
      -> Finding
    {
      let name = decoder.tensor.name
      let isUsed = other.model.contents.untiedDecoder
      return Finding(
        isComplete ? .error : .warning, code: code,
        "\(who)'s file holds '\(name)', which differs from its word embeddings and is not used as it "
          + "was read; the other side " + (isUsed ? "decodes with its own" : "has none"),
        remedy: "state \(.untied) to compare what other readers compute with it", tensor: name)
    }
    switch (unused(subject), unused(reference)) {
    case (nil, nil): return ([], [])
    case (let mine?, nil):
      return (
        [], [note("the subject", mine, other: reference, CoverageCheck.onlyInSubject)]
      )
    case (nil, let theirs?):
      return (
        [], [note("the reference", theirs, other: subject, CoverageCheck.onlyInReference)]
      )
    case (let mine?, let theirs?):
      let comparison = comparison(
        try content(of: mine, in: subject), mine.tensor, try content(of: theirs, in: reference),
        theirs.tensor)
      let finding = Finding(
        .warning, code: "stored-decoders-differ",
        "both files hold a decoder of their own that is not used as they were read, and the two differ",
        remedy: "state \(.untied) to compare what other readers compute with them",
        tensor: mine.tensor.name)
      return ([comparison], comparison.outcome == .pass ? [] : [finding])
    }
  }

  private static func unused(_ model: LoadedModel) -> StoredDecoder? {
    model.inspection.decoder.flatMap { $0.differs && !$0.isUsed ? $0 : nil }
  }

  /// A decoder's bytes, [vocabulary, features].
  private static func content(
    of decoder: StoredDecoder, in model: LoadedModel
  ) throws(FileError) -> [UInt8] {
    let tensor = decoder.tensor
    return decoder.layout.toCanonical(
      try model.inspection.archive.bytes(of: tensor),
      canonical: decoder.layout.transposes ? tensor.shape.reversed : tensor.shape,
      elementSize: tensor.type.size)
  }

  /// The two held against each other; an infinite difference where they cannot be.
  private static func comparison(
    _ mine: [UInt8], _ tensor: TensorDescription, _ theirs: [UInt8], _ other: TensorDescription
  ) -> WeightComparison {
    var (maxAbs, relL2) = (Double.infinity, Double.infinity)
    if tensor.shape.count == other.shape.count {
      let difference = unsafe WeightDifference(
        mine.span.bytes, tensor.type, theirs.span.bytes, other.type, count: tensor.shape.count)
      if difference.nonFinite == 0 { (maxAbs, relL2) = (difference.maxAbs, difference.relL2) }
    }
    let holds = maxAbs == 0
    return WeightComparison(
      parameter: Parameter(.mlmDecoderWeight), outcome: Outcome(holds: holds), bitwiseEqual: holds,
      maxAbs: maxAbs, relL2: relL2, ulps: holds ? 0 : .infinity,
      problem: holds
        ? nil : "both files hold a decoder of their own that is not used, and the two differ")
  }
}
