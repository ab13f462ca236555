internal import Albert
internal import Tensors

/// Explains differing weights by what may have happened to them.
struct WeightDiagnosis {
  let pair: ModelPair

  /// Every explanation, most specific first, and in order of use.
  func run() -> [Diagnosis] {
    var search = RelationSearch(pair)
    var findings: [WeightFinding] = []
    var unexplained: [Parameter] = []
    for parameter in pair.differing {
      let suspect = Suspect(parameter, in: pair)
      if let found = search.relation(of: suspect) {
        findings += WeightFinding.all(found, of: parameter, in: pair.reference.config)
      } else if let finding = Quantization(pair: pair, suspect: suspect).finding
        ?? pair.damageToReference(suspect)
      {
        findings.append(finding)
      } else {
        unexplained.append(parameter)
      }
    }
    let retraining = Retraining(pair: pair, unexplained: unexplained).diagnosis
    let diagnoses = findings.withPairsOnce.withWholeFilesOnce.withBiasesInWeights
      .map { $0.diagnosis(in: pair.reference.config) }
    return (diagnoses + [retraining, UntiedDecoder(pair: pair).diagnosis].compactMap(\.self))
      .inOrder
  }
}

extension ModelPair {
  /// What cannot be undone and happened to the reference's parameter instead of the subject's: it is
  /// zero, or holds the subject's numbers rounded.
  func damageToReference(_ suspect: Suspect) -> WeightFinding? {
    guard suspect.shape == suspect.referenceShape, !suspect.samples.isEmpty else { return nil }
    let parameter = suspect.parameter
    let other = Suspect(parameter, in: reversed)
    let changes: [ValueChange] =
      [.zeroed] + Rounding.all(below: other.type).map { .rounded($0) }
    for change in changes {
      let relation = Relation(source: parameter, change: change)
      let trial = RelationTrial(
        pair: reversed, suspect: other, source: parameter, orders: false, changes: true)
      guard trial.relations().contains(where: { $0.change == change }) else { continue }
      let measurement = reversed.measure(relation, of: other)
      guard measurement.holds, let code = change.code else { continue }
      return WeightFinding(
        code: code, parameter: parameter, words: change.words, error: measurement.error,
        isOfReference: true)
    }
    return nil
  }
}
