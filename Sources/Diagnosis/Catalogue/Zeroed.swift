internal import AlbertArchitecture

/// A parameter that was made and never filled.
enum Zeroed: DefectKind {
  /// A parameter is there and all zero.
  static let code = Diagnosis.Code(rawValue: "zeroed")

  static func candidates(in scope: Scope) -> [Defect] {
    // A bias of zeros is the same to outputs as none.
    scope.sites.filter { scope.step == nil || !$0[0].role.isBias }.map { site in
      scope.defect(code, site, predicate, keepsDecoder: true) { .change($0, .zeroed) }
    }
  }

  private static let predicate = "is all zero"

  /// A bias of the subject that is all zero where the recorded outputs are all shifted by one.
  ///
  /// Only outputs that a bias is added to at the very end show this.
  static func proposals(for question: StepQuestion, in evidence: OutputEvidence) -> [Candidate] {
    guard let role = lastBias(question.step.target) else { return [] }
    let (model, inputs, bias) = (question.model, evidence.golden.inputs, Parameter(role))
    guard !model.config.embeddingProjectionIsIdentity || role != .projectionBias,
      model.contents.contains(role), model.values(of: bias).allSatisfy({ $0 == 0 }),
      let entry = evidence.golden[question.step.target], question.before != nil,
      let computed = evidence.passes.values(question.whole, .confirmation)
    else { return [] }
    let width = role.shape(in: model.config).count
    let runs = computed.count / width
    let real = (0..<runs).filter { run in runs == inputs.sequences || !inputs.isPadding(run) }
    let rows = real.map { run in
      (run * width..<(run + 1) * width).map { entry.values[$0] - computed[$0] }
    }
    let allowed = 2 * evidence.allowed(question.step, .reference, model.config)
    guard let shift = commonRow(rows, allowed: allowed) else { return [] }
    let statement = Statement(names: [bias.words(in: model.config)], predicate: predicate)
    return [.read(Defect(code, [bias], statement, [.replace(bias, shift)]))]
  }

  private static func lastBias(_ target: Stage) -> ParameterRole? {
    switch target {
    case .hiddenStates(0): .projectionBias
    case .predictionLogits: .mlmBias
    case .sopLogits: .sopBias
    case .logits: .classifierBias
    default: nil
    }
  }

  /// The row that all of `rows` are, within what is allowed; nil where they differ or are too few.
  static func commonRow(_ rows: [[Double]], allowed: Double) -> [Double]? {
    guard rows.count >= 2 else { return nil }
    let mean = rows[0].indices.map { column in
      rows.reduce(0) { $0 + $1[column] } / Double(rows.count)
    }
    let isCommon = rows.allSatisfy { row in
      zip(row, mean).allSatisfy { abs($0 - $1) <= allowed }
    }
    return isCommon ? mean : nil
  }
}
