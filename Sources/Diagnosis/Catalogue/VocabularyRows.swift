internal import AlbertArchitecture

/// A vocabulary whose rows are not where its ids say.
enum VocabularyRows: DefectKind {
  /// Words are shifted, in another order, cut or padded.
  static let code = Diagnosis.Code(rawValue: "vocabulary-rows")
  private static let table = Parameter(.wordEmbeddings)

  /// What is said of the other side's table, or of its use at a `place`.
  private static func statement(_ predicate: String, _ place: String = "") -> Statement {
    Statement(names: [table.role.words + place], predicate: predicate, owner: .other)
  }

  /// Ids that are read some rows off.
  static func candidates(in scope: Scope) -> [Defect] {
    guard scope.step != nil, scope.uses(.embeddings) else { return [] }
    return [1, -1, 2, -2, 3, -3].map { offset in
      Defect(
        code, [table], statement(RowOrder.shift(offset)),
        [.set(\.reading.idOffset, scope.model.reading.idOffset + offset)])
    }
  }

  static func orders(shownBy numbers: NumberPair) -> [Defect] {
    let own = numbers.parameter
    switch own.parameter.role {
    case .wordEmbeddings, .mlmDecoderWeight, .mlmBias: break
    default: return []
    }
    guard let found = numbers.rowOrder, let (order, words) = found.explanation else { return [] }
    return [
      numbers.scope.defect(code, [own.parameter], words) {
        .reorder($0, .rows(order, width: own.rowWidth))
      }
    ]
  }

  static func proposals(for question: StepQuestion, in evidence: OutputEvidence) -> [Candidate] {
    embeddings(question, evidence) + logits(question, evidence)
  }

  /// Rows that recorded embeddings show: each distinct word is looked for among all.
  private static func embeddings(
    _ question: StepQuestion, _ evidence: OutputEvidence
  ) -> [Candidate] {
    guard let shown = EmbeddedTokens(question, evidence.golden) else { return [] }
    let count = question.model.config.vocabSize
    let distinct = Set(shown.tokens.map(\.id)).count
    guard
      Double(distinct * count) * Double(question.model.config.embeddingSize)
        < Policy.rowComparisons
    else { return [] }
    var rows: [Int: Int] = [:]
    for token in shown.tokens where rows[token.id] == nil {
      guard let row = (0..<count).first(where: { shown.matches(token, word: $0) }) else {
        return []
      }
      rows[token.id] = row
    }
    guard shown.tokens.allSatisfy({ shown.matches($0, word: rows[$0.id] ?? 0) }) else { return [] }
    let offsets = Set(rows.map { $1 - $0 })
    guard offsets != [0] else { return [] }
    let offset = offsets.count == 1 ? offsets.first : nil
    let order = (0..<count).map { row in
      offset.map { (row + $0 + count) % count } ?? rows[row] ?? row
    }
    let statement = statement(offset.map(RowOrder.shift) ?? "has its rows in another order")
    return [
      .read(
        Defect(
          code, [table], statement,
          question.scope.keepingDecoder([table])
            + [.reorder(table, .rows(order, width: question.model.config.embeddingSize))]))
    ]
  }

  /// Logits that are the subject's own in other columns, or in more or fewer of them.
  private static func logits(_ question: StepQuestion, _ evidence: OutputEvidence) -> [Candidate] {
    let (model, golden) = (question.model, evidence.golden)
    guard question.step.target == .predictionLogits, let entry = golden[.predictionLogits],
      let width = entry.recordedShape.dimensions.last, width > 1,
      let computed = evidence.passes.values(question.whole, .confirmation)
    else { return [] }
    let count = model.config.vocabSize
    let tokens = golden.inputs.realTokens.prefix(Policy.columnTokens)
    guard tokens.count >= Policy.fewestEmbedded else { return [] }
    let bias = model.values(of: Parameter(.mlmBias))
    let allowed = 2 * evidence.allowed(question.step, .reference, model.config)
    return (width == count ? [true, false] : [true]).lazy.compactMap { withBias -> Candidate? in
      func columns(_ values: [Double], _ count: Int) -> [[Double]] {
        (0..<count).map { column in
          tokens.map { values[$0 * count + column] - (withBias ? 0 : bias[column]) }
        }
      }
      let found = RowOrder(columns(entry.values, width), among: columns(computed, count), allowed)
      return candidate(found, withBias: withBias, question)
    }.first.map { [$0] } ?? []
  }

  private static func candidate(
    _ found: RowOrder, withBias: Bool, _ question: StepQuestion
  ) -> Candidate? {
    if let (words, share) = found.resized {
      return .final(Defect(code, [table], statement(words), []), share: share)
    }
    guard found.sources.count == found.available, let (order, words) = found.explanation else {
      return nil
    }
    var statement = statement(words, " in the decoder")
    statement.includesBiases = withBias
    let rows = order.enumerated().map { $1 ?? $0 }
    let width = question.model.config.embeddingSize
    return .read(
      Defect(
        code, [table], statement,
        [
          .set(\.hasOwnDecoder, true),
          .reorder(Parameter(.mlmDecoderWeight), .rows(rows, width: width)),
        ] + (withBias ? [.reorder(Parameter(.mlmBias), .rows(rows, width: 1))] : [])))
  }
}
