internal import AlbertBytes
internal import AlbertArchitecture

/// Accounts for every parameter on both sides.
package struct CoverageCheck {
  let common: CommonParts
  /// Whether a parameter that only one side holds is a failure.
  let isComplete: Bool

  /// The codes of what one side alone holds.
  package static let (onlyInSubject, onlyInReference) = ("only-in-subject", "only-in-reference")

  /// Names that one finding lists.
  private static let most = 8

  /// The outcome, and a finding for each part of the model that one side lacks.
  func run() -> (check: Check, findings: [Finding]) {
    let findings =
      note(common.onlyInSubject, "the reference lacks", code: Self.onlyInSubject)
      + note(common.onlyInReference, "the subject lacks", code: Self.onlyInReference)
    return (Check(.coverage, Outcome(holds: findings.isEmpty || !isComplete)), findings)
  }

  private func note(_ parameters: [Parameter], _ who: String, code: String) -> [Finding] {
    let byComponent = Dictionary(grouping: parameters, by: \.role.component)
    return Component.allCases.compactMap { component in
      guard let names = byComponent[component]?.map(\.name), let first = names.first else {
        return nil
      }
      // The parts outside the encoder are named whole.
      let list =
        names.count <= Self.most
        ? names.joined(separator: ", ") : "\(first) and \(names.count - 1) more"
      return Finding(
        isComplete ? .error : .note, code: code, "\(who) \(list)",
        remedy: isComplete ? "leave out \(.complete) where this is as it should be" : "",
        tensor: first)
    }
  }
}
