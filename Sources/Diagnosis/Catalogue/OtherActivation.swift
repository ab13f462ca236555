internal import AlbertArchitecture

extension Diagnosis.Code {
  /// The config says another activation, and it changes the result.
  package static let activation = Self(rawValue: "activation")
}

/// Another activation, such as the two forms of GELU that go by one name.
enum OtherActivation: DefectKind {
  static let code = Diagnosis.Code.activation

  private static func statement(
    _ what: String, _ own: Activation, _ other: Activation, _ side: Side
  ) -> Statement {
    .whole("\(what) is \(own.words), \(side.possessive) \(other.words)")
  }

  /// Everywhere, in all layers, or in the masked-LM head alone.
  static func candidates(in scope: Scope) -> [Defect] {
    guard scope.step != nil else { return [] }
    let own = scope.config.hiddenAct
    let ofHead = scope.model.mlmActivation ?? own
    return Activation.allCases.filter { $0 != own }.flatMap { other in
      var result = [
        Defect(
          code, statement("the activation", own, other, scope.side),
          regions: scope.encoder.union([.mlm]),
          [.configure(.activation(other)), .configure(.mlmActivation(nil))])
      ]
      if scope.golden?[.predictionLogits] != nil {
        result.append(
          Defect(
            code,
            statement("the activation of all but the masked-LM head", own, other, scope.side),
            regions: scope.encoder,
            [.configure(.mlmActivation(ofHead)), .configure(.activation(other))]))
      }
      if scope.uses(.mlm) {
        result.append(
          Defect(
            code, statement("the activation of the masked-LM head", ofHead, other, scope.side),
            regions: [.mlm], [.configure(.mlmActivation(other))]))
      }
      return result
    }
  }

  static func corrections(of subject: AlbertConfig, to reference: AlbertConfig) -> [Correction] {
    let (own, other) = (subject.hiddenAct, reference.hiddenAct)
    guard own != other else { return [] }
    return [
      Correction(
        code, .hiddenStates(1), statement("the activation", own, other, .reference),
        [.configure(.activation(other))])
    ]
  }
}

extension Activation {
  /// What messages call it.
  fileprivate var words: String {
    switch self {
    case .geluErf: "the exact GELU (gelu_erf)"
    case .geluTanh: "the tanh form of GELU (gelu_tanh)"
    case .relu: "ReLU"
    case .silu: "SiLU"
    case .tanh: "tanh"
    }
  }
}
