internal import Albert
internal import Bytes

/// Says what is wrong with a model of which it is known what it should be.
///
/// What the weights hold is compared with hypotheses on it directly; what the configs say differently
/// is confirmed by the forward pass. A clean pair is not looked at.
struct PairDiagnosis {
  let pair: ModelPair
  let stages: [StageComparison]
  /// Who may end the search.
  var observer = WorkObserver()

  /// Every explanation, most specific first; none where nothing failed or nothing explains it.
  func run() -> [Diagnosis] {
    let hasWeightsThatDiffer =
      !pair.differing.isEmpty
      || pair.subject.contents.untiedDecoder != pair.reference.contents.untiedDecoder
    let hasStagesThatDiffer = stages.contains { $0.outcome == .fail }
    return .merging(
      hasWeightsThatDiffer ? WeightDiagnosis(pair: pair).run() : [],
      hasStagesThatDiffer
        ? ConfigDiagnosis(pair: pair, observer: observer).run() : [])
  }
}
