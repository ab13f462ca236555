/// A runtime that takes every token for one of the first segment.
enum SegmentsIgnored: DefectKind {
  /// The segments have no effect, where only outputs tell.
  static let code = Diagnosis.Code(rawValue: "segments-ignored")

  static func candidates(in scope: Scope) -> [Defect] {
    guard scope.uses(.embeddings), let inputs = scope.golden?.inputs,
      (0..<inputs.sequences).contains(where: inputs.hasSegments)
    else { return [] }
    return [
      Defect(
        code, .whole("\(scope.side.words) was computed with every token in segment 0"),
        regions: [.embeddings], [.set(\.reading.ignoresSegments, true)])
    ]
  }
}
