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

  /// Whole rows of zeros where the reference has numbers: the rest of a file that was not copied whole, or rows
  /// that were added and never filled.
  static func finding(
    on parameter: DifferingParameter, in evidence: WeightEvidence
  ) -> WeightFinding? {
    guard parameter.shape == parameter.referenceShape, parameter.shape.rank == 2,
      !parameter.samples.isEmpty, parameter.samples.allSatisfy({ $0.value == 0 })
    else { return nil }
    let (own, width) = (parameter.parameter, parameter.rowWidth)
    let count = parameter.shape.dimensions[0]
    let closeness = evidence.closeness(own, own)
    return evidence.read(own, own) { value, expected in
      var (error, empty) = (ExplainedError(), [Int]())
      for row in 0..<count {
        let run = row * width..<(row + 1) * width
        let isEmpty = run.allSatisfy { value($0) == 0 }
        for index in run where !closeness.holds(value(index), expected(index)) {
          guard isEmpty else { return nil }
          error.add(before: value(index) - expected(index), after: nil)
        }
        if isEmpty { empty.append(row) }
      }
      guard !empty.isEmpty else { return nil }
      let statement = Statement(names: [evidence.words(own)], predicate: words(empty, of: count))
      return WeightFinding(defect: Defect(code, [own], statement, []), error: error)
    }
  }

  /// What is said of a table of which `rows` are all zero.
  private static func words(_ rows: [Int], of count: Int) -> String {
    guard let first = rows.first, let last = rows.last, last - first + 1 == rows.count else {
      return "is all zero in \(rows.count) of \(count) rows"
    }
    return rows.count == 1
      ? "is all zero in row \(first)" : "is all zero in rows \(first) to \(last) of \(count)"
  }

  static func proposals(for question: StepQuestion, in evidence: OutputEvidence) -> [Candidate] {
    emptyRows(question, evidence) + emptyBias(question, evidence)
  }

  /// Rows of the subject's decoder that are all zero, where no other logits are wrong.
  private static func emptyRows(
    _ question: StepQuestion, _ evidence: OutputEvidence
  ) -> [Candidate] {
    let (model, golden) = (question.model, evidence.golden)
    guard question.step.target == .predictionLogits, question.before != nil,
      let entry = golden[.predictionLogits]
    else { return [] }
    let table = Parameter(model.contents.untiedDecoder ? .mlmDecoderWeight : .wordEmbeddings)
    let (count, width) = (model.config.vocabSize, model.config.embeddingSize)
    let numbers = model.values(of: table)
    let rows = Set(
      (0..<count).filter { row in
        numbers[row * width..<(row + 1) * width].allSatisfy { $0 == 0 }
      })
    guard !rows.isEmpty, rows.count < count, entry.recordedShape.dimensions.last == count,
      let computed = evidence.passes.values(question.whole, .confirmation),
      computed.count == entry.values.count
    else { return [] }
    let allowed = evidence.allowed(question.step, .reference, model.config)
    for token in golden.inputs.realTokens {
      for column in 0..<count where !rows.contains(column) {
        let index = token * count + column
        guard abs(computed[index] - entry.values[index]) <= allowed else { return [] }
      }
    }
    let statement = Statement(
      names: [table.words(in: model.config)], predicate: words(rows.sorted(), of: count))
    return [.final(Defect(code, [table], statement, []), share: 1)]
  }

  /// A bias of the subject that is all zero where the recorded outputs are all shifted by one.
  ///
  /// Only outputs that a bias is added to at the very end show this.
  private static func emptyBias(
    _ question: StepQuestion, _ evidence: OutputEvidence
  ) -> [Candidate] {
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
