/// A runtime that attends to padding.
enum MaskIgnored: DefectKind {
  /// The attention mask has no effect, where only outputs tell.
  static let code = Diagnosis.Code(rawValue: "mask-ignored")

  static func candidates(in scope: Scope) -> [Defect] {
    guard scope.hasPadding else { return [] }
    return [
      Defect(
        code,
        .whole("\(scope.side.words) was computed with every token attended to, padding too"),
        regions: scope.encoder, [.set(\.reading.ignoresMask, true)])
    ]
  }
}
