internal import Albert
internal import Tensors

extension ForwardDiagnosis {
  /// A model whose outputs have nothing to do with the recorded ones from the embeddings on.
  func retraining(_ trial: Trial, _ first: Step) -> Diagnosis? {
    let all = Array(0..<runner.recording.inputs.sequences)
    guard first.start == nil, first.target == .embeddings || first.target == .hiddenStates(0),
      let entry = runner.recording[first.target],
      let computed = runner.values(trial, first.target, from: nil, all)?.values,
      computed.count == entry.values.count,
      let correlation = correlation(computed, entry), abs(correlation) < 0.3
    else { return nil }
    // Of the steps behind, which start from recorded numbers, none may come out right.
    for step in Step.all(runner.recording, trial) where step.target != first.target {
      if step.layers.isEmpty, step.target.layersBefore(trial.config) != nil { continue }
      if let residual = runner.residual(trial, step, all, .reference),
        residual.largest
          <= step.allowance(runner.recording, trial.config, .reference, weights: weightRoundoff)
      {
        return nil
      }
    }
    return Diagnosis(
      .retrained,
      message:
        "the golden file comes from other weights: nothing agrees, and \(first.target) already have "
        + "a correlation of \((correlation * 100).rounded() / 100) with the subject's",
      // The share of the error that is no relation at all.
      explains: 1 - abs(correlation))
  }

  /// How far two stages vary together over the tokens, each channel by its own mean; nil where there
  /// are too few tokens.
  private func correlation(_ computed: [Double], _ entry: Recording.Entry) -> Double? {
    let inputs = runner.recording.inputs
    let width = computed.count / inputs.shape.count
    let tokens = (0..<inputs.shape.count).filter { !inputs.isPadding($0) }
    guard tokens.count >= 6 else { return nil }
    var (product, mine, theirs) = (0.0, 0.0, 0.0)
    for channel in 0..<width {
      let one = tokens.map { computed[$0 * width + channel] }
      let two = tokens.map { entry.values[$0 * width + channel] }
      let means = (
        one.reduce(0, +) / Double(one.count), two.reduce(0, +) / Double(two.count)
      )
      for (a, b) in zip(one, two) {
        product += (a - means.0) * (b - means.1)
        mine += (a - means.0) * (a - means.0)
        theirs += (b - means.1) * (b - means.1)
      }
    }
    return mine > 0 && theirs > 0 ? product / (mine * theirs).squareRoot() : nil
  }

  /// Weights of the subject that were rounded and stored in a finer type again, where the step is off
  /// by no more than that may cause.
  func precisionLoss(_ step: Step, _ before: Residual?) -> Diagnosis? {
    guard let before, let type = Self.hiddenRounding(trial.base) else { return nil }
    // Truncation costs twice as much as rounding.
    let allowed = step.allowance(
      runner.recording, trial.config, .reference, weights: weightRoundoff + [2 * type.roundoff])
    guard before.largest <= allowed else { return nil }
    return Diagnosis(
      .precisionLoss,
      message:
        "the subject's matrices hold only values of \(type.name), whatever type they are stored "
        + "in; the golden file was computed with finer ones", explains: 1)
  }

  /// The coarser type whose values are all that the subject's matrices hold, though they are stored
  /// in a finer one; nil where there is none.
  static func hiddenRounding(_ subject: some ParameterStore) -> ElementType? {
    let matrices = ParameterSpec.all(subject.config, subject.contents).filter {
      $0.shape.rank == 2 && $0.shape.count >= 64
    }
    let stored = matrices.map { subject.elementType(of: $0.parameter) }
    guard !matrices.isEmpty, stored.allSatisfy({ $0 == .float32 || $0 == .float64 }) else {
      return nil
    }
    return [ElementType.bfloat16, .float16].first { type in
      matrices.allSatisfy { spec in
        subject.withBytes(of: spec.parameter) { bytes in
          let element = subject.elementType(of: spec.parameter)
          return (0..<spec.shape.count).allSatisfy { index in
            type.holds(bytes.double(at: index, of: element) ?? .nan)
          }
        }
      }
    }
  }
}
