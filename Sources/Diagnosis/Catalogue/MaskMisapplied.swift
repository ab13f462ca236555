internal import AlbertArchitecture

/// A runtime that uses the mask otherwise than to hide padding.
enum MaskMisapplied: DefectKind {
  /// The attention mask has another effect, where only outputs tell.
  static let code = Diagnosis.Code(rawValue: "mask-misapplied")

  static func candidates(in scope: Scope) -> [Defect] {
    guard scope.model.masking == .hiding, scope.hasPadding else { return [] }
    return Masking.mistaken.map { masking, words in
      Defect(
        code, .whole("\(scope.side.words) was computed with \(words)"), regions: scope.encoder,
        [.set(\.masking, masking)])
    }
  }
}
