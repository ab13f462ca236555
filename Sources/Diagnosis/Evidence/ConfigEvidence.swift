internal import AlbertArchitecture
internal import AlbertBytes
internal import AlbertReferenceModel

/// What would put one thing right that two configs say differently.
struct Correction {
  let code: Diagnosis.Code
  /// The first stage that it changes.
  let stage: Stage
  let statement: Statement
  /// Takes the reference's word into the subject's config.
  let edits: [Edit]
}

/// Which of the things that two configs say differently change the result.
///
/// Each is measured apart from any difference of the weights: the reference's own weights are
/// computed as the subject's config says, and with one thing after another put right, on a short probe
/// and up to the stage where that thing would show first.
final class ConfigEvidence {
  private let corrections: [Correction]
  private let reference: EditedModel
  /// The reference's weights under the subject's config.
  private let model: EditedModel
  private let inputs: ModelInputs
  private let isCancelled: @Sendable () -> Bool

  init(
    _ subject: EditedModel, _ reference: EditedModel, _ inputs: ModelInputs,
    _ isCancelled: @escaping @Sendable () -> Bool
  ) {
    self.reference = reference
    self.inputs = inputs
    self.isCancelled = isCancelled
    model = EditedModel(
      reference, config: reference.config.computing(as: subject.config), filling: subject)
    let stages = Stage.all(reference.config, reference.contents).filter {
      $0 != .predictionLogits || subject.contents.mlm
    }
    let all = DefectCatalogue.kinds.flatMap {
      $0.corrections(of: subject, to: reference)
    }
    // In the order in which they show.
    corrections =
      subject.config.hasSizes(of: reference.config)
      ? stages.flatMap { stage in all.filter { $0.stage == stage } } : []
  }

  /// Every explanation, most specific first.
  func diagnose() -> [Diagnosis] {
    guard !corrections.isEmpty, let golden else { return [] }
    let passes = ForwardPasses(golden, model, isCancelled)
    let all = Array(0..<golden.inputs.sequences)
    var (model, diagnoses) = (model, [Diagnosis]())
    var whole = model
    for correction in corrections {
      model = model.applying(correction.edits)
      // Between two structures a model may want blocks that neither side has: what leads to it is
      // measured together with what leads on.
      guard model.hasAllBlocks else { continue }
      let wrong = whole
      whole = model
      let steps = [wrong, model].map { Step(nil, correction.stage, $0) }
      guard
        let before = passes.residual(Pass(wrong, steps[0], all, .reference), .confirmation),
        let after = passes.residual(Pass(model, steps[1], all, .reference), .confirmation),
        before.largest
          > Policy.visible
          * steps[0].allowance(golden, reference.config, .reference, weights: [])
      else { continue }
      let share =
        after.norm == 0
        ? 1 : before.norm.isFinite ? 1 - after.norm / before.norm : after.norm.isFinite ? 1 : 0
      guard share > 0 else { continue }
      diagnoses.append(
        Diagnosis(
          correction.code, message: correction.statement.sentence(.reference), explains: share))
    }
    return diagnoses.inOrder
  }

  /// What the reference computes at the stages that matter; nil where it cannot.
  private var golden: GoldenOutputs? {
    let stages = Array(Set(corrections.map(\.stage)))
    guard !isCancelled(),
      let outputs = try? ReferenceModel(reference).forward(
        inputs, stages: stages, observer: WorkObserver(isCancelled: isCancelled))
    else { return nil }
    let known = Dictionary(uniqueKeysWithValues: outputs.map { ($0.stage, $0) })
    return GoldenOutputs(known.mapValues(\.shape), inputs, reference) {
      known[$0].map(ExpectedStage.init)
    }
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
