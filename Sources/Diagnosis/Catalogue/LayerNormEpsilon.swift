internal import AlbertArchitecture

extension Diagnosis.Code {
  /// The config says another epsilon, and it changes the result.
  package static let layerNormEpsilon = Self(rawValue: "layer-norm-epsilon")
}

/// Another epsilon of the LayerNorms, of all or of the masked-LM head's alone.
enum LayerNormEpsilon: DefectKind {
  static let code = Diagnosis.Code.layerNormEpsilon

  /// What libraries have for a default.
  private static let usual = [1e-12, 1e-10, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3]
  private static let (every, ofHead) = ("LayerNorm", "the masked-LM head's LayerNorm")

  private static func statement(
    _ what: String, _ own: Double, _ other: Double, _ side: Side
  ) -> Statement {
    .whole("the epsilon of \(what) is \(own), \(side.possessive) \(other)")
  }

  static func candidates(in scope: Scope) -> [Defect] {
    guard scope.step != nil else { return [] }
    let (own, ownOfHead) = (scope.config.layerNormEps, scope.config.mlmLayerNormEps)
    let inner = scope.encoder.union([.embeddings])
    return usual.flatMap { other in
      var result: [Defect] = []
      if other != own {
        result.append(
          Defect(
            code, statement(every, own, other, scope.side), regions: inner.union([.mlm]),
            [.configure(.epsilon(other)), .configure(.mlmEpsilon(other))]))
        if scope.golden?[.predictionLogits] != nil {
          result.append(
            Defect(
              code,
              statement("every LayerNorm but the masked-LM head's", own, other, scope.side),
              regions: inner, [.configure(.epsilon(other))]))
        }
      }
      if scope.uses(.mlm), other != ownOfHead {
        result.append(
          Defect(
            code, statement(ofHead, ownOfHead, other, scope.side), regions: [.mlm],
            [.configure(.mlmEpsilon(other))]))
      }
      return result
    }
  }

  static func corrections(of subject: AlbertConfig, to reference: AlbertConfig) -> [Correction] {
    let own = (subject.layerNormEps, subject.mlmLayerNormEps)
    let other = (reference.layerNormEps, reference.mlmLayerNormEps)
    var result: [Correction] = []
    if own.0 != other.0 {
      // The head's follows it unless it was set apart.
      let head: [Edit] = own.1 == own.0 ? [.configure(.mlmEpsilon(other.1))] : []
      result.append(
        Correction(
          code, .embeddings, statement(every, own.0, other.0, .reference),
          head + [.configure(.epsilon(other.0))]))
    }
    if own.1 != other.1, own.1 != own.0 || own.0 == other.0 {
      result.append(
        Correction(
          code, .predictionLogits, statement(ofHead, own.1, other.1, .reference),
          [.configure(.mlmEpsilon(other.1))]))
    }
    return result
  }
}
