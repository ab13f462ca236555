internal import Albert
internal import Bytes
internal import ReferenceModel
internal import Tensors

/// Finds out which of the things that two configs say differently change the result.
///
/// Each is measured apart from any difference of the weights: the reference's own weights are
/// computed as the subject's config says, and with one thing after another put right, on a short probe
/// and up to the stage where that thing would show first.
struct ConfigDiagnosis {
  let pair: ModelPair
  /// Who may end the search.
  var observer = WorkObserver()

  /// The short probe shows a little less than the full ones do.
  private static let visibleShare = 0.5

  /// Every explanation, most specific first.
  func run() -> [Diagnosis] {
    let (subject, reference) = (pair.subject.config, pair.reference.config)
    guard subject.hasSizes(of: reference) else { return [] }
    let hypotheses = ConfigHypothesis.all(
      subject, reference, mlm: pair.subject.contents.mlm && pair.reference.contents.mlm)
    guard !hypotheses.isEmpty else { return [] }
    let inputs = ProbeInputs.short([subject, reference])
    var config = reference.computing(as: subject)
    var diagnoses: [Diagnosis] = []
    for hypothesis in hypotheses {
      var corrected = config
      hypothesis.correct(&corrected, reference)
      defer { config = corrected }
      guard let expected = values(hypothesis.stage, reference, inputs),
        let given = values(hypothesis.stage, config, inputs),
        let improved = values(hypothesis.stage, corrected, inputs), isSeen(given, expected, inputs)
      else { continue }
      let error = ExplainedError(given.values, corrected: improved.values, expected.values)
      guard error.share > 0 else { continue }
      diagnoses.append(
        Diagnosis(hypothesis.code, message: hypothesis.message, explains: error.share))
    }
    return diagnoses.inOrder
  }

  /// A stage of the reference's weights under a config; nil where there is none.
  private func values(
    _ stage: Stage, _ config: AlbertConfig, _ inputs: ModelInputs
  ) -> StageOutput<Double>? {
    let model = ReferenceModel(CombinedWeights(pair: pair, config: config))
    return try? model.forward(
      inputs, stages: [stage], observer: WorkObserver(isCancelled: observer.isCancelled)
    ).first
  }

  /// Whether a difference is larger than what rounding lets pass.
  private func isSeen(
    _ given: StageOutput<Double>, _ expected: StageOutput<Double>, _ inputs: ModelInputs
  ) -> Bool {
    let comparer = StageComparer(
      config: pair.reference.config, contents: pair.reference.contents, inputs: inputs,
      side: .reference)
    let comparison = comparer.compare(given, by: .reference, with: ExpectedStage(expected))
    guard let error = comparison.error else { return false }
    return error.real.nonFinite > 0
      || error.real.maxAbs > comparison.tolerance * Self.visibleShare
  }
}

extension AlbertConfig {
  /// Whether weights of one config fit the other; rows of tables may differ in number.
  fileprivate func hasSizes(of other: AlbertConfig) -> Bool {
    embeddingSize == other.embeddingSize && hiddenSize == other.hiddenSize
      && intermediateSize == other.intermediateSize
  }

  /// This config's sizes with everything else that another one computes by.
  fileprivate func computing(as other: AlbertConfig) -> AlbertConfig {
    var config = self
    config.numHiddenLayers = other.numHiddenLayers
    config.numHiddenGroups = other.numHiddenGroups
    config.innerGroupNum = other.innerGroupNum
    config.numAttentionHeads = other.numAttentionHeads
    config.hiddenAct = other.hiddenAct
    config.layerNormEps = other.layerNormEps
    config.mlmLayerNormEps = other.mlmLayerNormEps
    config.layerMap = other.layerMap
    return config
  }
}
