internal import AlbertArchitecture
internal import AlbertBytes
internal import AlbertTensors

/// Weights that were trained further, or anew, in contrast to such as were damaged.
///
/// Training moves the matrices of what it trains, all but a few, and leaves whole parts alone that
/// are frozen or out of use. Where a part is unchanged by halves, or numbers lie on a grid, something
/// else happened, and what that is stays open.
enum Retrained: DefectKind {
  /// Weights moved and no relation holds: trained further, or apart.
  static let code = Diagnosis.Code(rawValue: "retrained")

  static func verdict(
    on evidence: WeightEvidence, unexplained: [Parameter], findings: inout [WeightFinding]
  ) -> Diagnosis? {
    let movement = Movement(evidence, unexplained, findings)
    let matrices = movement.moved.filter { evidence.isMatrix($0) }
    guard matrices.count >= Policy.movedMatrices, matrices.contains(where: { $0.role.isPerBlock }),
      movement.share >= Policy.movedShare, !matrices.contains(where: { evidence.isOnGrid($0) })
    else { return nil }
    let similarities = matrices.map { evidence.similarity($0) }.sorted()
    let similarity = similarities[similarities.count / 2]
    let isSame = similarity > Policy.sameModel
    // What is trained anew has nothing in common, and so no part that stayed.
    guard isSame || !movement.hasRest else { return nil }
    findings.removeAll { movement.isBegun($0) }
    let cosine = (similarity * 100).rounded() / 100
    return Diagnosis(
      code,
      message: "\(isSame ? "one of the two was trained further" : "the two were trained apart"): "
        + movement.words + ", alike to a cosine of \(cosine)",
      explains: Double(unexplained.count + movement.begun.count)
        / Double(max(1, evidence.differing.count)))
  }

  /// A model whose outputs have nothing to do with the recorded ones from the embeddings on.
  static func verdict(
    on question: StepQuestion, in evidence: OutputEvidence
  ) -> (diagnosis: Diagnosis, isFinal: Bool)? {
    let (step, golden) = (question.step, evidence.golden)
    guard evidence.found.isEmpty, !evidence.sawRight, step.start == nil,
      step.target == .embeddings || step.target == .hiddenStates(0),
      let entry = golden[step.target],
      let computed = evidence.passes.values(question.whole, .confirmation),
      computed.count == entry.values.count,
      let correlation = correlation(computed, entry.values, golden.inputs),
      abs(correlation) < Policy.unrelated
    else { return nil }
    // Of the steps behind, which start from recorded numbers, none may come out right.
    for other in Step.all(golden, question.model) where other.target != step.target {
      if other.layers.isEmpty, other.target.layersBefore(question.model.config) != nil { continue }
      if evidence.isRight(question.model, other) == true { return nil }
    }
    return (
      Diagnosis(
        code,
        message:
          "\(golden.side.words) comes from other weights: nothing agrees, and \(step.target) already have "
          + "a correlation of \((correlation * 100).rounded() / 100) with the subject's",
        // The share of the error that is not a relation at all.
        explains: 1 - abs(correlation)), true
    )
  }

  /// How far two stages vary together over the tokens, each channel by its own mean; nil where there
  /// are too few tokens.
  private static func correlation(
    _ computed: [Double], _ recorded: [Double], _ inputs: ModelInputs
  ) -> Double? {
    let width = computed.count / inputs.shape.count
    let tokens = inputs.realTokens
    guard tokens.count >= Policy.unrelatedTokens else { return nil }
    var sums = Correlation()
    for channel in 0..<width {
      sums.add(
        tokens.map { computed[$0 * width + channel] }, tokens.map { recorded[$0 * width + channel] }
      )
    }
    return sums.value
  }
}

/// What of a model moved, and what stayed.
private final class Movement {
  /// Parameters that moved.
  let moved: [Parameter]
  /// Of them those of the reference that were all zero, as fresh biases are.
  let begun: Set<Parameter>
  private let config: AlbertConfig
  private let stayed: [Parameter]
  private let movedRegions: Set<ModelRegion>
  /// The share of the matrices that moved, in the parts of the model of which any did.
  let share: Double

  init(_ evidence: WeightEvidence, _ unexplained: [Parameter], _ findings: [WeightFinding]) {
    let begun = Set(
      findings.filter {
        $0.defect.code == Zeroed.code && $0.defect.statement.owner == .other
          && !($0.defect.parameter.map(evidence.isMatrix) ?? true)
      }.compactMap(\.defect.parameter))
    let open = Set(unexplained).union(begun)
    let compared = evidence.differences.filter(\.isComparable)
    moved = compared.filter {
      open.contains($0.parameter)
        && ($0.relL2 > Policy.leastMovement || begun.contains($0.parameter))
    }.map(\.parameter)
    let movedRegions = Set(moved.filter { evidence.isMatrix($0) }.map(ModelRegion.init))
    let known = Set(moved)
    stayed = compared.map(\.parameter).filter { !known.contains($0) }
    let within = compared.filter {
      evidence.isMatrix($0.parameter) && movedRegions.contains(ModelRegion($0.parameter))
    }
    share =
      Double(within.count { known.contains($0.parameter) }) / Double(max(1, within.count))
    self.begun = begun
    self.movedRegions = movedRegions
    config = evidence.reference.config
  }

  /// Whether a part with matrices stayed as a whole.
  var hasRest: Bool {
    stayed.contains {
      !movedRegions.contains(ModelRegion($0)) && $0.role.shape(in: config).rank == 2
    }
  }

  /// Whether a finding says that a bias was zero, which is how training begins.
  func isBegun(_ finding: WeightFinding) -> Bool {
    finding.defect.code == Zeroed.code && finding.defect.statement.owner == .other
      && (finding.defect.parameter.map(begun.contains) ?? false)
  }

  /// Such as `21 of 25 parameters moved; the embeddings stayed`.
  var words: String {
    var names: [String] = []
    for parameter in stayed {
      let region = ModelRegion(parameter)
      let isWhole = !moved.contains { ModelRegion($0) == region }
      let name = isWhole ? region.words(in: config) : parameter.words(in: config)
      if !names.contains(name) { names.append(name) }
    }
    return "\(moved.count) of \(moved.count + stayed.count) parameters moved"
      + (names.isEmpty ? "" : "; \(names.counted(naming: 4)) stayed")
  }
}
