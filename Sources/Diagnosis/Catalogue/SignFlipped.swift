/// A parameter whose numbers all have the opposite sign.
enum SignFlipped: DefectKind {
  /// A parameter has the opposite sign.
  static let code = Diagnosis.Code(rawValue: "sign-flipped")

  static func candidates(in scope: Scope) -> [Defect] {
    scope.sites.map { site in
      scope.defect(code, site, "has the opposite sign", isSymmetric: true) {
        .change($0, .negated)
      }
    }
  }
}
