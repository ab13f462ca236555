internal import AlbertArchitecture

extension PrecisionLoss {
  /// Products of fewer bits, as graphics and tensor processors compute them, where a step is off by no more
  /// than these may be.
  static func ofProducts(_ question: StepQuestion, _ evidence: OutputEvidence) -> [Candidate] {
    guard question.model.products == .full, evidence.isSmall(question) else { return [] }
    return ProductPrecision.reduced.map { precision, name in
      let sentence =
        "\(evidence.golden.side.words) was computed with the factors of its products rounded to "
        + "\(name), as accelerators do unless full precision is asked for"
      let defect = Defect(
        code, .whole(sentence), regions: question.step.regions, [.set(\.products, precision)])
      return Candidate(defects: [defect], basis: .rounded)
    }
  }
}
