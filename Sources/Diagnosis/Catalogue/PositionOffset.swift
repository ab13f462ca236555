internal import AlbertArchitecture

/// Position embeddings from another row than the first one on, as RoBERTa has them.
enum PositionOffset: DefectKind {
  /// Positions begin at another row.
  static let code = Diagnosis.Code(rawValue: "position-offset")
  private static let table = Parameter(.positionEmbeddings)

  static func candidates(in scope: Scope) -> [Defect] {
    guard scope.step != nil, scope.uses(.embeddings) else { return [] }
    return [1, 2, -1, -2, 3, -3, 4, -4].filter { abs($0) < scope.config.maxPositionEmbeddings }
      .map { shifted(by: $0, scope) }
  }

  /// The table turned around its end.
  private static func shifted(by offset: Int, _ scope: Scope) -> Defect {
    let most = scope.config.maxPositionEmbeddings
    let order = (0..<most).map { (($0 + offset) % most + most) % most }
    return scope.defect(code, [table], RowOrder.shift(offset)) {
      .reorder($0, .rows(order, width: scope.config.embeddingSize))
    }
  }

  static func orders(shownBy numbers: NumberPair) -> [Defect] {
    let own = numbers.parameter
    guard own.parameter == table, let (order, words) = numbers.rowOrder?.shifted else { return [] }
    return [
      numbers.scope.defect(code, [table], words) {
        .reorder($0, .rows(order, width: own.rowWidth))
      }
    ]
  }

  /// The row that a token in the middle shows, where all show it.
  static func proposals(for question: StepQuestion, in evidence: OutputEvidence) -> [Candidate] {
    guard let shown = EmbeddedTokens(question, evidence.golden) else { return [] }
    let (tokens, rows) = (shown.tokens, 0..<question.model.config.maxPositionEmbeddings)
    guard let middle = tokens.dropFirst(tokens.count / 2).first,
      let row = rows.first(where: { shown.matches(middle, position: $0) }), row != middle.position
    else { return [] }
    let offset = row - middle.position
    let inside = tokens.filter { rows.contains($0.position + offset) }
    guard inside.count >= Policy.fewestEmbedded, inside.count * 2 >= tokens.count,
      inside.allSatisfy({ shown.matches($0, position: $0.position + offset) })
    else { return [] }
    return [.read(shifted(by: offset, question.scope))]
  }
}
