internal import AlbertArchitecture

/// Another epsilon of the LayerNorms, of all or of the masked-LM head's alone.
enum LayerNormEpsilon: DefectKind {
  /// The config says another epsilon, and it changes the result.
  static let code = Diagnosis.Code(rawValue: "layer-norm-epsilon")

  static let setting = SharedSetting(
    code: code, path: \.config.layerNormEps, pathOfHead: \.config.mlmLayerNormEps,
    names: (
      "the epsilon of LayerNorm", "the epsilon of every LayerNorm but the masked-LM head's",
      "the epsilon of the masked-LM head's LayerNorm"
    ), words: { "\($0)" })

  /// What libraries have for a default.
  private static let usual = [1e-12, 1e-10, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3]

  static func candidates(in scope: Scope) -> [Defect] {
    guard scope.step != nil else { return [] }
    return setting.candidates(usual, scope.encoder.union([.embeddings]), in: scope)
  }

  static func corrections(of subject: EditedModel, to reference: EditedModel) -> [Correction] {
    setting.corrections(of: subject, to: reference, from: .embeddings)
  }
}
