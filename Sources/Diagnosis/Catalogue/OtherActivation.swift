internal import AlbertArchitecture

/// Another activation, such as the two forms of GELU that go by one name.
enum OtherActivation: DefectKind {
  /// The config says another activation, and it changes the result.
  static let code = Diagnosis.Code(rawValue: "activation")

  static let setting = SharedSetting(
    code: code, path: \.config.hiddenAct, pathOfHead: \.headActivation,
    names: (
      "the activation", "the activation of all but the masked-LM head",
      "the activation of the masked-LM head"
    ), words: \.words)

  static func candidates(in scope: Scope) -> [Defect] {
    guard scope.step != nil else { return [] }
    let others = Activation.allCases.filter { $0 != scope.config.hiddenAct }
    return setting.candidates(others, scope.encoder, in: scope)
  }

  static func corrections(of subject: EditedModel, to reference: EditedModel) -> [Correction] {
    setting.corrections(of: subject, to: reference, from: .hiddenStates(1))
  }
}

extension Activation {
  /// What messages call it.
  var words: String {
    switch self {
    case .geluErf: "the exact GELU (gelu_erf)"
    case .geluTanh: "the tanh form of GELU (gelu_tanh)"
    case .relu: "ReLU"
    case .silu: "SiLU"
    case .tanh: "tanh"
    }
  }
}
