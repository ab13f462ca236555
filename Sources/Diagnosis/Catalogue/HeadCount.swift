internal import AlbertArchitecture

extension Diagnosis.Code {
  /// The config says another number of heads, and it changes the result.
  package static let headCount = Self(rawValue: "head-count")
}

/// Another number of heads over the same weights, whose shapes do not tell.
enum HeadCount: DefectKind {
  static let code = Diagnosis.Code.headCount

  private static func statement(_ own: Int, _ other: Int, _ side: Side) -> Statement {
    .whole("the attention has \(own) heads, \(side.possessive) \(other)")
  }

  static func candidates(in scope: Scope) -> [Defect] {
    guard scope.step?.blocks.isEmpty == false else { return [] }
    let (width, own) = (scope.config.hiddenSize, scope.config.numAttentionHeads)
    return (1...min(width, 128)).filter { width.isMultiple(of: $0) && $0 != own }
      .sorted { abs($0 - own) < abs($1 - own) }
      .map { heads in
        Defect(
          code, statement(own, heads, scope.side), regions: scope.encoder,
          [.configure(.heads(heads))])
      }
  }

  static func corrections(of subject: AlbertConfig, to reference: AlbertConfig) -> [Correction] {
    let (own, other) = (subject.numAttentionHeads, reference.numAttentionHeads)
    guard own != other else { return [] }
    return [
      Correction(
        code, .hiddenStates(1), statement(own, other, .reference), [.configure(.heads(other))])
    ]
  }
}
