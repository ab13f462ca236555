internal import Albert

extension StepSearch {
  /// A bias of the subject that is all zero where the recorded outputs are all shifted by one.
  ///
  /// Only outputs that a bias is added to at the very end show this.
  func zeroBias(_ sequences: [Int]) -> Explanation? {
    let role: ParameterRole
    switch step.target {
    case .hiddenStates(0): role = .projectionBias
    case .predictionLogits: role = .mlmBias
    case .sopLogits: role = .sopBias
    case .logits: role = .classifierBias
    default: return nil
    }
    let bias = Parameter(role)
    guard !trial.config.embeddingProjectionIsIdentity || role != .projectionBias,
      trial.contents.contains(role), trial.values(of: bias).allSatisfy({ $0 == 0 }),
      let entry = recording[step.target], before != nil,
      let computed = runner.values(
        trial, step.target, from: step.start, Array(0..<recording.inputs.sequences))?.values
    else { return nil }
    let width = role.shape(in: trial.config).count
    let runs = computed.count / width
    let real = (0..<runs).filter { run in
      runs == recording.inputs.sequences || !recording.inputs.isPadding(run)
    }
    guard real.count >= 2 else { return nil }
    var shift = [Double](repeating: 0, count: width)
    for run in real {
      for channel in 0..<width {
        let index = run * width + channel
        shift[channel] += (entry.values[index] - computed[index]) / Double(real.count)
      }
    }
    let limit = allowed(.reference)
    let isConstant = real.allSatisfy { run in
      (0..<width).allSatisfy { channel in
        let index = run * width + channel
        return abs(entry.values[index] - computed[index] - shift[channel]) <= 2 * limit
      }
    }
    guard isConstant else { return nil }
    let hypothesis = Hypothesis(
      .zeroed, [bias],
      "the subject's \(role.name) is all zero, the golden file was computed with another"
    ) { $0.set(bias, shift) }
    return accept([hypothesis])
  }
}

extension ParameterRole {
  /// The role in words, without the article.
  fileprivate var name: String { words.hasPrefix("the ") ? String(words.dropFirst(4)) : words }
}
