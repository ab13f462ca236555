internal import AlbertArchitecture

extension OutputEvidence {
  /// The best that is confirmed on every sequence, in the words of reports.
  func accept(
    _ measured: AnySequence<Candidate>, for question: StepQuestion
  ) -> Explanation? {
    var choices = inOrder(Array(measured), question)
    var partial: Explanation?
    for choice in choices {
      if case .final(let share) = choice.basis {
        return Explanation(
          diagnoses: diagnoses(choice, [share], [], question), model: question.model,
          endsStep: true)
      }
      guard let explanation = confirmed(choice, choices, question) else { continue }
      if explanation.isWhole { return explanation }
      // What makes every sequence right comes before what does so of some: these do not tell it apart alone.
      if partial == nil { partial = explanation }
      choices.removeAll { $0.ranks == choice.ranks }
    }
    if let partial { return partial }
    // What other layers contradict may be so in this one alone.
    guard question.step.layer != nil else { return nil }
    for choice in choices where !choice.changesLayers {
      if let explanation = confirmed(choice, choices, question, inOneLayer: true) {
        return explanation
      }
    }
    return nil
  }

  private func diagnoses(
    _ choice: Candidate, _ shares: [Double], _ others: [Candidate], _ question: StepQuestion,
    inOneLayer: Bool = false
  ) -> [Diagnosis] {
    zip(choice.defects, shares).map { defect, share in
      var statement = defect.statement
      statement.alternatives += defect.alternatives(
        others.map { $0.defects[0] }, in: question.model.config)
      statement.layer = inOneLayer ? question.step.layer : layer(of: defect)
      let sentence = [defect.parameter, defect.other].compactMap(\.self).reduce(
        statement.sentence(golden.side), renamed)
      return Diagnosis(
        defect.code, parameter: defect.parameter.map(shared)?.name,
        otherParameter: defect.other.map(shared)?.name,
        message: sentence + " (seen at \(question.step.target))",
        explains: share)
    }
  }

  /// The layer that a defect is in, where each has a group of its own.
  private func layer(of defect: Defect) -> Int? {
    guard sharing != nil, defect.regions.count == 1, let own = defect.parameter else { return nil }
    return own.role.isPerBlock ? own.group : nil
  }

  /// The parameter of the model in which layers share.
  private func shared(_ parameter: Parameter) -> Parameter {
    guard let sharing, parameter.role.isPerBlock else { return parameter }
    return Parameter(
      parameter.role, group: sharing.layerMap.groups[parameter.group], inner: parameter.inner)
  }

  /// A sentence in the names of the model in which layers share, whatever weight of a block it names.
  private func renamed(_ sentence: String, _ parameter: Parameter) -> String {
    guard let sharing, parameter.role.isPerBlock else { return sentence }
    return ParameterRole.allCases.filter(\.isPerBlock).reduce(sentence) { text, role in
      let own = Parameter(role, group: parameter.group, inner: parameter.inner)
      return own.renaming(text, to: shared(own), in: sharing)
    }
  }

  /// What the recorded numbers cannot tell from the best, most specific code first.
  private func inOrder(_ candidates: [Candidate], _ question: StepQuestion) -> [Candidate] {
    switch candidates.first?.basis {
    case .listed, .pair: break
    case .rounded: return candidates.ordered(by: \.error)
    default: return candidates
    }
    let least = candidates.map(\.error).min() ?? 0
    // Roundings of either side: what is allowed for the largest error is several times this.
    let floor =
      Policy.equalErrors * allowed(question.step, .reference, question.model.config)
    let equal = candidates.filter { $0.error <= max(2 * least, floor) }
      .ordered { $0.ranks.lexicographicallyPrecedes($1.ranks) }
    guard case .listed = candidates.first?.basis else { return equal }
    let best = Dictionary(grouping: equal) { $0.defects[0].code }
      .mapValues { $0.map(\.error).min() ?? 0 }
    return byLaterSteps(
      equal.filter { $0.error <= 2 * (best[$0.defects[0].code] ?? 0) + floor * 1e-3 }, question)
  }

  /// Defects of one thing that the step alone does not tell apart, such as the groups of later layers,
  /// in the order of what they leave of the error in the steps behind.
  private func byLaterSteps(_ choices: [Candidate], _ question: StepQuestion) -> [Candidate] {
    guard let first = choices.first, first.defects[0].parameter == nil else { return choices }
    let same = choices.filter { $0.defects[0].parameter == nil }
    guard same.count > 1 else { return choices }
    let steps = Step.all(golden, question.model).drop { $0.target != question.step.target }
      .dropFirst()
    let wrong = same.map { choice in
      let edited = question.model.applying(choice.edits)
      return steps.count { step in
        let pass = Pass(edited, step, question.whole.sequences, .fast)
        guard let residual = passes.residual(pass, .confirmation) else { return true }
        return residual.largest > Policy.laterSteps * allowed(step, .fast, edited.config)
      }
    }
    let least = wrong.min() ?? 0
    return zip(same, wrong).filter { $1 == least }.map(\.0)
      + choices.filter { $0.defects[0].parameter != nil }
  }

  /// Applies what was found, and measures it on every sequence.
  ///
  /// Refuses what turns another recorded step wrong that comes out right without it, unless it is so in one
  /// layer alone.
  private func confirmed(
    _ choice: Candidate, _ choices: [Candidate], _ question: StepQuestion, inOneLayer: Bool = false
  ) -> Explanation? {
    let edited = question.model.applying(choice.edits)
    guard inOneLayer || isConsistent(edited, choice, question) else { return nil }
    var pass = question.whole
    pass.model = edited
    guard let after = passes.residual(pass, .confirmation), after.norm.isFinite else { return nil }
    let all = question.whole.sequences
    let right = Set(all).subtracting(
      after.failing(allowed(question.step, .reference, edited.config)))
    let mended = (question.before?.failing(question.limit) ?? all).filter(right.contains)
    // What makes some sequences right altogether is measured by those.
    let measured = mended.isEmpty ? all : mended
    let shares = choice.defects.map { defect -> Double in
      var without = question.before
      if choice.defects.count > 1 {
        pass.model = question.model.applying(
          choice.defects.filter { $0.rank != defect.rank }.flatMap(\.edits))
        without = passes.residual(pass, .confirmation)
      }
      guard let error = without?.error(of: measured), error > 0, error.isFinite else { return 1 }
      return 1 - after.error(of: measured) / error
    }
    guard shares.allSatisfy({ $0 > Policy.leastShare }) else { return nil }
    let others: [Candidate]
    if case .listed = choice.basis { others = choices } else { others = [] }
    return Explanation(
      diagnoses: diagnoses(choice, shares, others, question, inOneLayer: inOneLayer),
      model: inOneLayer ? question.model : edited, endsStep: inOneLayer,
      isWhole: right.count == all.count)
  }

  private func isConsistent(
    _ edited: EditedModel, _ choice: Candidate, _ question: StepQuestion
  ) -> Bool {
    let steps = Step.all(golden, question.model)
    let index = steps.firstIndex { $0.target == question.step.target } ?? 0
    let regions = choice.regions
    let earlier = steps[..<index].filter { !$0.regions.isDisjoint(with: regions) }
    let later = steps.dropFirst(index + 1).filter { !$0.regions.isDisjoint(with: regions) }
    // Layers share their weights: the next one and the heads tell enough.
    let layers = later.filter { $0.target.layersBefore(question.model.config) != nil }.prefix(1)
    let heads = later.filter { $0.layers.isEmpty }
    return (Array(earlier.suffix(2)) + layers + heads).allSatisfy { step in
      isRight(edited, step) == true || isRight(question.model, step) != true
    }
  }
}

extension Defect {
  /// What explains as much as this, in words.
  fileprivate func alternatives(_ others: [Defect], in config: AlbertConfig) -> [String] {
    var names: [String] = []
    for other in others where other.rank != rank {
      let text: String
      switch (other.parameter?.words(in: config), other.code == code) {
      case (let name?, true): text = other.parameter == parameter ? "" : name
      case (let name?, false): text = "\(other.code.rawValue) of \(name)"
      case (nil, let isSame): text = isSame ? "" : other.code.rawValue
      }
      if !text.isEmpty, !names.contains(text) { names.append(text) }
    }
    return names
  }
}
