internal import AlbertArchitecture
internal import AlbertPlatform

/// A runtime that uses the mask otherwise than to hide padding.
enum MaskMisapplied: DefectKind {
  /// The attention mask has another effect, where only outputs tell.
  static let code = Diagnosis.Code(rawValue: "mask-misapplied")

  static func candidates(in scope: Scope) -> [Defect] {
    guard scope.model.masking == .hiding, scope.hasPadding else { return [] }
    return Masking.mistaken.map { defect($0, scope) }
  }

  private static func defect(
    _ mistake: (masking: Masking, words: String), _ scope: Scope
  ) -> Defect {
    Defect(
      code, .whole("\(scope.side.words) was computed with \(mistake.words)"),
      regions: scope.encoder, [.set(\.masking, mistake.masking)])
  }

  /// Any other number in the place of one that hides padding, found by least squares.
  ///
  /// What is fitted is the share of a token's weight that padding keeps, e to the power of the number: outputs
  /// are nearly linear in it.
  static func proposals(for question: StepQuestion, in evidence: OutputEvidence) -> [Candidate] {
    let (golden, scope) = (evidence.golden, question.scope)
    guard question.present.isFinite, evidence.isKnown(question.step), scope.hasPadding,
      scope.model.masking == .hiding, !question.step.blocks.isEmpty,
      let entry = golden[question.step.target],
      // A mask has no part in what is wrong without padding.
      let failing = question.before?.failing(question.limit),
      failing.allSatisfy(golden.inputs.hasPadding)
    else { return [] }
    let places = golden.realPlaces(entry, question.sequences)
    let recorded = golden.values(entry, question.sequences)
    let wanted = places.map { recorded[$0] }
    func residual(_ share: Double) -> [Double]? {
      guard share > 0 else { return nil }
      var pass = question.probed
      pass.model = question.model.applying([.set(\.masking, Masking.weak(-log(share)).masking)])
      guard let computed = evidence.passes.values(pass, .search),
        computed.count > places.last ?? 0
      else { return nil }
      return zip(wanted, places).map { $0 - computed[$1] }
    }
    let fit = firstShares.lazy.compactMap {
      ScaleProposal(from: $0, step: 1e-6, rounds: 12, residual: residual)
    }.first { $0.factor > 0 && $0.error < 2 * Policy.remainder * question.present }
    guard let fit else { return [] }
    let mistake = Masking.weak(-log(fit.factor).shortest)
    return [.fitted(defect(mistake, scope), numbers: wanted.count - 1, tried: 1)]
  }

  /// Where the search for the share begins: that of -3, of -8, of 1 and of 3.
  private static let firstShares = [0.05, 3e-4, 3, 20]
}

extension Double {
  /// The shortest decimal number within what a fit leaves, as somebody wrote it.
  fileprivate var shortest: Double {
    guard isFinite, self != 0 else { return self }
    for digits in 0..<4 {
      let unit = pow(10, Double(digits))
      let short = (self * unit).rounded() / unit
      if abs(short - self) <= 1e-3 * abs(self) { return short }
    }
    return self
  }
}
