internal import AlbertArchitecture

/// Another number of heads over the same weights, whose shapes do not tell.
enum HeadCount: DefectKind {
  /// The config says another number of heads, and it changes the result.
  static let code = Diagnosis.Code(rawValue: "head-count")

  static func statement(_ own: Int, _ other: Int, _ side: Side) -> Statement {
    .whole("the attention has \(own) heads, \(side.possessive) \(other)")
  }

  static func candidates(in scope: Scope) -> [Defect] {
    guard scope.step?.blocks.isEmpty == false else { return [] }
    let (width, own) = (scope.config.hiddenSize, scope.config.numAttentionHeads)
    return (1...min(width, 128)).filter { width.isMultiple(of: $0) && $0 != own }
      .ordered(by: { abs($0 - own) })
      .map { heads in
        Defect(
          code, statement(own, heads, scope.side), regions: scope.encoder,
          [.set(\.config.numAttentionHeads, heads)])
      }
  }

  static func corrections(of subject: EditedModel, to reference: EditedModel) -> [Correction] {
    let (own, other) = (subject.config.numAttentionHeads, reference.config.numAttentionHeads)
    guard own != other else { return [] }
    return [
      Correction(
        code: code, stage: .hiddenStates(1), statement: statement(own, other, .reference),
        edits: [.set(\.config.numAttentionHeads, other)])
    ]
  }
}
