internal import AlbertArchitecture

extension OutputEvidence {
  /// What happens most, tried first where a step costs too much for everything to be tried.
  private static let likely: [Diagnosis.Code] = [
    OtherActivation.code, MaskIgnored.code, MaskMisapplied.code, SegmentsIgnored.code,
    Transposed.code, PositionOffset.code, GroupMap.code, Swapped.code, LayerNormEpsilon.code,
    HeadCount.code, PermutedHeads.code,
  ]

  func rounds(of question: StepQuestion) -> [() -> AnySequence<Candidate>] {
    // Where the subject itself gives no numbers, nothing can be measured.
    guard question.before?.norm.isFinite ?? true, !question.sequences.isEmpty else { return [] }
    let proposals = DefectCatalogue.kinds.map { kind in
      { AnySequence(kind.proposals(for: question, in: self)) }
    }
    // Few wrong numbers of a token are no other weights or computation.
    if question.before?.isSparse(question.limit, question.step.target) == true {
      let ofRows: [any DefectKind.Type] = [Zeroed.self, VocabularyRows.self]
      return ofRows.map { kind in { AnySequence(kind.proposals(for: question, in: self)) } }
    }
    // Few passes tell whether small errors are those of products, which many a small defect is near.
    return [{ AnySequence(PrecisionLoss.ofProducts(question, self)) }]
      + [{ AnySequence(self.candidates(of: question)) }] + proposals
      + [{ AnySequence(self.pairs(question)) }]
  }

  private func candidates(of question: StepQuestion) -> [Candidate] {
    let isSmall = isSmall(question)
    return question.scope.candidates.filter { isSmall || $0.code != PrecisionLoss.code }
      .map { Candidate(defects: [$0], basis: .listed) }
  }

  /// Whether a step's error is as small as rounding makes it.
  func isSmall(_ question: StepQuestion) -> Bool {
    question.present < Policy.roundingError * (golden[question.step.target]?.scale ?? 0)
  }

  func screen(
    _ candidates: AnySequence<Candidate>, for question: StepQuestion
  ) -> AnySequence<Candidate> {
    let all = Array(candidates)
    guard case .listed = all.first?.basis else { return candidates }
    let tokens = Double(question.sequences.count * golden.inputs.sequence)
    let cost = Double(all.count) * question.step.cost(question.model.config) * tokens
    question.tried =
      cost > passes.budget.left / 2
      ? likely(all, question) : tried(all, on: question.model, question)
    return AnySequence(plausible(question.tried, question))
  }

  /// Candidates with what Float32 says that they leave, least first.
  private func tried(
    _ candidates: [Candidate], on model: EditedModel, _ question: StepQuestion
  ) -> [Candidate] {
    candidates.compactMap { candidate in
      error(of: candidate, on: model, .fast, question).map {
        var copy = candidate
        copy.error = $0.error
        return copy
      }
    }
    .ordered(by: \.error)
  }

  /// The same, what happens most first, until one takes the error away.
  private func likely(_ candidates: [Candidate], _ question: StepQuestion) -> [Candidate] {
    let sorted =
      Self.likely.flatMap { code in candidates.filter { $0.defects[0].code == code } }
      + candidates.filter { !Self.likely.contains($0.defects[0].code) }
    var result: [Candidate] = []
    for candidate in sorted {
      result += tried([candidate], on: question.model, question)
      if let last = result.last, !plausible([last], question).isEmpty { break }
    }
    return result.ordered(by: \.error)
  }

  /// Candidates that rounding in Float32 does not rule out.
  private func plausible(_ candidates: [Candidate], _ question: StepQuestion) -> [Candidate] {
    let noise = allowed(question.step, .fast, question.model.config) / Policy.peak
    let left = Policy.screeningMargin * Policy.remainder * question.present
    let most = (question.present.isFinite ? left : 0) + noise
    return Array(candidates.filter { $0.error <= most }.prefix(Policy.measured))
  }

  /// The error that a candidate leaves of the sequences that are looked at first.
  private func error(
    of candidate: Candidate, on model: EditedModel, _ engine: Engine, _ question: StepQuestion
  ) -> (error: Double, largest: Double, isExplained: Bool)? {
    let edited = model.applying(candidate.edits, within: question.step.regions)
    let pass = Pass(edited, question.step, question.sequences, engine)
    guard let residual = passes.residual(pass, .search), residual.count > 0 else { return nil }
    return (
      residual.norm / Double(residual.count).squareRoot(), residual.largest,
      residual.largest <= allowed(question.step, .reference, edited.config)
    )
  }

  /// Two defects at once, where none explains the step alone: one of the two takes some of the error
  /// away by itself.
  private func pairs(_ question: StepQuestion) -> [Candidate] {
    guard question.present.isFinite else { return [] }
    let all = question.tried.ordered(by: \.ranks[0])
    return question.tried.filter { $0.error < Policy.partialRemainder * question.present }
      .prefix(Policy.firstOfPair).flatMap { one -> [Candidate] in
        let edited = question.model.applying(one.edits)
        let rest = all.filter {
          $0.ranks != one.ranks && !$0.defects[0].contradicts(one.defects[0])
        }
        return plausible(tried(rest, on: edited, question), question)
          .prefix(Policy.secondOfPair).map { two in
            let both = (one.defects + two.defects).ordered(by: \.rank)
            return Candidate(
              defects: both, basis: .pair(first: min(one.error, question.present)))
          }
      }
  }

  func measure(
    _ candidates: AnySequence<Candidate>, for question: StepQuestion
  ) -> AnySequence<Candidate> {
    AnySequence(
      candidates.compactMap { candidate -> Candidate? in
        var (before, numbers, count) = (question.present, question.numbers, question.tried.count)
        switch candidate.basis {
        case .read, .final: return candidate
        case .listed, .rounded: break
        case .pair(let first): (before, count) = (first, count * count)
        case .fitted(let fitted, let tried): (numbers, count) = (fitted, tried)
        }
        guard let found = error(of: candidate, on: question.model, .reference, question) else {
          return nil
        }
        let decides =
          if case .rounded = candidate.basis {
            found.error < Policy.roundedRemainder * before && numbers >= Policy.directions
          } else {
            Significance.decides(
              before: before, after: found.error, isExplained: found.isExplained, count: numbers,
              tried: count)
          }
        guard decides else { return nil }
        var measured = candidate
        measured.error = found.error
        return measured
      })
  }
}
