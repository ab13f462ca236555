internal import AlbertArchitecture

/// A bias that a runtime leaves out.
///
/// Among weights it is a parameter of zeros, or none.
enum BiasMissing: DefectKind {
  /// A bias is absent, where only outputs tell.
  static let code = Diagnosis.Code(rawValue: "bias-missing")

  static func candidates(in scope: Scope) -> [Defect] {
    guard scope.step != nil else { return [] }
    return scope.sites.filter { $0[0].role.isBias }.map { site in
      scope.defect(code, site, "is absent") { .change($0, .zeroed) }
    }
  }
}

extension ParameterRole {
  /// Whether it is added: the bias of a linear layer or of a LayerNorm.
  var isBias: Bool { Self.allCases.contains { $0.bias == self } }
}
