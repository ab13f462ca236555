internal import AlbertArchitecture

/// The decoder's bias, which some exporters fold into the matrix product and add once more.
enum BiasDoubled: DefectKind {
  /// The decoder's bias is added twice.
  static let code = Diagnosis.Code(rawValue: "bias-doubled")

  static func candidates(in scope: Scope) -> [Defect] {
    scope.sites(.mlmBias).flatMap { site in
      let doubled = scope.defect(
        code, site, "is twice what it should be, as if it were added twice"
      ) { .change($0, .doubled) }
      guard scope.step != nil else { return [doubled] }
      // Or the other side has it once, and the subject twice.
      let statement = Statement(
        names: doubled.statement.names, predicate: doubled.statement.predicate)
      return [
        doubled, Defect(code, site, statement, site.map { .change($0, .scaled(0.5)) }),
      ]
    }
  }
}
