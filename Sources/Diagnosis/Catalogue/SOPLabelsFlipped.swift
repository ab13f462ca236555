internal import AlbertArchitecture

/// The two classes of the sentence-order head in each other's place.
enum SOPLabelsFlipped: DefectKind {
  /// The two labels of the sentence-order head are exchanged.
  static let code = Diagnosis.Code(rawValue: "sop-labels-flipped")

  static func candidates(in scope: Scope) -> [Defect] {
    let roles: [ParameterRole] = [.sopWeight, .sopBias]
    let each = roles.flatMap { scope.sites($0) }.map { site in
      scope.defect(code, site, "has its two labels exchanged", isSymmetric: true) {
        let width = $0.role.shape(in: scope.config).count / 2
        return .reorder($0, .rows([1, 0], width: width))
      }
    }
    guard scope.step != nil else { return each }
    guard scope.step?.target == .sopLogits, var both = each.first?.statement else { return [] }
    both.includesBiases = true
    return [Defect(code, [Parameter(.sopWeight)], both, each.flatMap(\.edits))]
  }
}
