internal import AlbertArchitecture
internal import AlbertBytes
internal import AlbertConversion
internal import AlbertDiagnosis
internal import AlbertReading
internal import AlbertTokenizers

/// Holds the tokenizers of two models against each other, where both have one.
///
/// Equal weights behind another vocabulary answer other words, and no tensor shows it.
struct TokenizerCheck {
  /// What differs, as warnings; a tokenizer that cannot be used is one too.
  private(set) var findings: [Finding] = []
  /// Pieces that stand in other rows than the reference's; nil where there are none such, or where one
  /// side has no tokenizer.
  private(set) var order: VocabularyOrder?
  /// Whether both vocabularies are the same, row by row.
  private(set) var hasSameRows = false

  /// Throws where a tokenizer that is there cannot be read.
  init(_ subject: Inspection, _ reference: Inspection) throws(FileError) {
    var tokenizers: [Tokenizer] = []
    for side in [subject, reference] {
      do throws(FileError) {
        tokenizers.append(try side.tokenizer())
      } catch {
        if error.isOfMachine { throw error }
        guard error.code != "missing" else {
          findings = []
          return
        }
        findings.add(
          .warning, code: "tokenizer-unusable",
          "the tokenizer of \(side.path.string) cannot be compared: \(error.message)",
          remedy: error.advice)
      }
    }
    guard tokenizers.count == 2 else { return }
    let comparison = TokenizerComparison(tokenizers[0], with: tokenizers[1])
    order = comparison.order
    hasSameRows = tokenizers[0].vocabulary.hasSameRows(as: tokenizers[1].vocabulary)
    findings = comparison.differences.map { .tokenizersDiffer("the tokenizers differ: \($0)") }
  }

  /// Holds the rows of words that stand elsewhere in the subject's vocabulary against those that the
  /// reference has for them, and says of the vocabulary what follows.
  ///
  /// `count` probes were made before. Throws what hinders a forward pass.
  func compareRows(
    _ check: ForwardCheck, _ configs: [AlbertConfig], probes count: Int,
    _ result: inout VerificationResult
  ) throws(FileError) {
    guard let probes = order?.probes(configs), let order else {
      if hasSameRows { tell(&result, "both tokenizers have the same vocabulary") }
      return
    }
    var found = try check.run(probes.moved, path: result.subject)
    for index in found.indices { found[index].probe = count }
    guard let error = found.largestError, found.contains(where: { $0.outcome == .fail }) else {
      tell(&result, "the words of the subject's tokenizer have moved with them")
      return
    }
    let alike = try check.run(probes.alike, path: result.subject).largestError ?? error
    result.stages = result.stages.map { stage in
      let other = found.first { $0.stage == stage.stage && $0.engine == stage.engine }
      return other.map { $0.isWorse(than: stage) ? $0 : stage } ?? stage
    }
    result.diagnosis.insert(
      Diagnosis(
        .vocabularyRows, parameter: Parameter(.wordEmbeddings).name,
        message: "in the subject's tokenizer \(order.words); the rows of the word embeddings have "
          + "not moved with them, so that texts read those of other words",
        explains: 1 - alike / error), at: 0)
  }

  /// Adds to what was found of the weights' rows what the tokenizers say of them.
  private func tell(_ result: inout VerificationResult, _ words: String) {
    result.diagnosis = result.diagnosis.map { found in
      guard found.code == .vocabularyRows else { return found }
      return Diagnosis(
        found.code, parameter: found.parameter, otherParameter: found.otherParameter,
        message: "\(found.message); \(words)", explains: found.explains)
    }
  }
}

extension Finding {
  /// That the tokenizers of two models are not alike, in words.
  static func tokenizersDiffer(_ message: String) -> Finding {
    Finding(
      .warning, code: "tokenizer-differs", message,
      remedy: "use one tokenizer for both models, the one that they were trained with")
  }
}

extension VocabularyOrder {
  /// Inputs of words that stand elsewhere: each side's own rows of them, and the reference's for both;
  /// nil where the models lack those rows.
  fileprivate func probes(_ configs: [AlbertConfig]) -> (moved: Probe, alike: Probe)? {
    let rows = configs.map(\.vocabSize).min() ?? 0
    let positions = configs.map(\.maxPositionEmbeddings).min() ?? 0
    let some = moves.filter { $0.row < rows && $0.expected < rows }.prefix(min(positions, 64))
    guard let right = try? ModelInputs([some.map(\.expected)]),
      let moved = try? ModelInputs([some.map(\.row)])
    else { return nil }
    return (
      Probe(inputs: moved, reference: right, stages: [.embeddings]),
      Probe(inputs: right, stages: [.embeddings])
    )
  }
}

extension ForwardCheck {
  /// One probe by itself.
  fileprivate func run(_ probe: Probe, path: String) throws(FileError) -> [StageComparison] {
    try run([probe], common: subject.stages, path: path, WorkObserver())
  }
}

extension [StageComparison] {
  /// The largest error, that of the reference engine where it was run.
  fileprivate var largestError: Double? {
    let precise = filter { $0.engine == .reference }
    return (precise.isEmpty ? self : precise).compactMap { $0.error?.real.maxAbs }.max()
  }
}
