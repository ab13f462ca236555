extension Diagnosis.Code {
  /// A parameter has the opposite sign.
  package static let signFlipped = Self(rawValue: "sign-flipped")
}

/// A parameter whose numbers all have the opposite sign.
enum SignFlipped: DefectKind {
  static let code = Diagnosis.Code.signFlipped

  static func candidates(in scope: Scope) -> [Defect] {
    scope.sites.map { site in
      scope.defect(code, site, "has the opposite sign", isSymmetric: true) {
        .change($0, .negated)
      }
    }
  }
}
