package import AlbertArchitecture
internal import AlbertTensors

/// A model and the one that it should be, whose numbers are both known, for one search.
package final class WeightEvidence: Evidence {
  /// A parameter that differs, and the defects that it may have by itself.
  final class Question {
    let parameter: DifferingParameter
    let scope: Scope
    let orders: [Defect]
    let changes: [Defect]

    init(_ parameter: DifferingParameter, _ scope: Scope, usual: Rounding?) {
      self.parameter = parameter
      self.scope = scope
      let candidates = scope.candidates
      orders =
        parameter.shape == parameter.referenceShape
        ? candidates.filter { $0.numberOrder != nil } : []
      // The way through a narrower type that other parameters went goes before those that few
      // numbers cannot tell from it.
      let changes = candidates.filter { $0.numberChange != nil }
      let first = changes.firstIndex { if case .rounded = $0.numberChange { true } else { false } }
      let known = usual.flatMap { usual in
        changes.firstIndex { $0.numberChange == .rounded(usual) }
      }
      var ordered = changes
      if let first, let known { ordered.insert(ordered.remove(at: known), at: first) }
      self.changes = ordered
    }
  }

  let subject: any ParameterStore
  let reference: any ParameterStore
  /// Every parameter that both sides hold, in order of use.
  let differences: [ParameterDifference]
  /// The parameters whose numbers or shapes differ, in order of use.
  let differing: [Parameter]
  /// The same, to ask for one.
  let places: Set<Parameter>
  private let models: (subject: EditedModel, reference: EditedModel)
  private let index: SourceIndex
  /// Inputs that show what the configs say differently; nil where no output differs.
  private let probe: ModelInputs?
  private let isCancelled: @Sendable () -> Bool

  private var open: ArraySlice<Parameter>
  private var findings: [WeightFinding] = []
  private var unexplained: [Parameter] = []
  /// The way through a narrower type that the last parameter went.
  private var usual: Rounding?

  /// Two models and how the parameters that both hold compare.
  ///
  /// With `probe` what their configs say differently is looked for too, by forward passes on it.
  package init(
    _ subject: any ParameterStore, _ reference: any ParameterStore,
    _ differences: [ParameterDifference], probe: ModelInputs?,
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) {
    self.subject = subject
    self.reference = reference
    self.differences = differences
    self.probe = probe
    self.isCancelled = isCancelled
    differing = differences.filter(\.isDifferent).map(\.parameter)
    places = Set(differing)
    models = (EditedModel(subject), EditedModel(reference))
    index = SourceIndex(reference, differing: differing.count)
    open = differing[...]
  }

  /// The same two with the suspicion turned round.
  private init(reversing other: WeightEvidence) {
    (subject, reference) = (other.reference, other.subject)
    models = (other.models.reference, other.models.subject)
    (differences, differing, places) = (other.differences, other.differing, other.places)
    (index, probe, isCancelled) = (other.index, nil, other.isCancelled)
    open = []
  }

  /// What explains the difference, most specific code first.
  package func diagnose() -> [Diagnosis] { Search.run(self) }

  func nextQuestion() -> Question? {
    guard !isCancelled() else { return nil }
    return open.popFirst().map { question(DifferingParameter($0, in: self)) }
  }

  private func question(_ parameter: DifferingParameter) -> Question {
    let scope = Scope(
      model: models.reference, focus: .parameter(parameter, heads: headCounts))
    return Question(parameter, scope, usual: usual)
  }

  func rounds(of question: Question) -> [() -> AnySequence<Relation>] {
    let own = [question.parameter.parameter]
    func round(_ sources: some Sequence<Parameter>, orders: Bool = false, changes: Bool = false)
      -> () -> AnySequence<Relation>
    {
      {
        AnySequence(
          sources.lazy.flatMap { self.relations(question, $0, orders: orders, changes: changes) })
      }
    }
    if question.parameter.shape != question.parameter.referenceShape {
      return [round(own, orders: true)]
    }
    guard !question.parameter.samples.isEmpty else { return [] }
    let others = index.sources(of: question.parameter, in: subject)
    let (withOne, withTwo) = (others.prefix(index.most.withOne), others.prefix(index.most.withTwo))
    return [
      round(own, orders: true), round(others), round(own, changes: true),
      round(own, orders: true, changes: true), round(withOne, orders: true),
      round(withOne, changes: true), round(withTwo, orders: true, changes: true),
      { AnySequence([self.resemblance(question, own + withOne)].compactMap(\.self)) },
    ]
  }

  /// Relations to one parameter of the reference: where orders or changes are asked for, only such.
  private func relations(
    _ question: Question, _ source: Parameter, orders: Bool, changes: Bool
  ) -> [Relation] {
    func ordered(_ change: Defect?) -> [Defect?] {
      guard orders else { return [nil] }
      let numbers = NumberPair(
        evidence: self, question: question, source: source, change: change?.numberChange)
      return question.orders + DefectCatalogue.kinds.flatMap { $0.orders(shownBy: numbers) }
    }
    guard changes else { return ordered(nil).map { Relation(source, order: $0) } }
    let known = question.changes.flatMap { change in
      ordered(change).map { Relation(source, order: $0, change: change) }
    }
    let shown = (orders ? question.orders.map(Optional.some) : [nil]).flatMap { order in
      let samples = samples(question.parameter, Relation(source, order: order))
      return DefectCatalogue.kinds.flatMap { $0.changes(shownBy: samples, of: question.scope) }
        .map { Relation(source, order: order, change: $0) }
        .filter { isChange($0, question.parameter) }
    }
    return known + shown
  }

  private func samples(
    _ parameter: DifferingParameter, _ relation: Relation
  ) -> [(value: Double, expected: Double)] {
    reference.withNumbers(of: relation.source) { source in
      parameter.samples.compactMap { sample in
        relation.value(at: sample.index, source).map { (sample.value, $0) }
      }
    }
  }

  /// Whether a relation is more than a factor so close to 1 that it may be rounding.
  private func isChange(_ relation: Relation, _ parameter: DifferingParameter) -> Bool {
    guard case .scaled(let factor) = relation.numberChange else { return true }
    let closeness = closeness(relation, of: parameter)
    return abs(factor - 1)
      > Policy.leastScaling * closeness.ulps * closeness.type.unitInLastPlace(of: 1)
  }

  func screen(
    _ candidates: AnySequence<Relation>, for question: Question
  ) -> AnySequence<Relation> {
    AnySequence(
      candidates.lazy.filter { $0.isResemblance || self.isPossible($0, for: question.parameter) })
  }

  func measure(
    _ candidates: AnySequence<Relation>, for question: Question
  ) -> AnySequence<Measurement> {
    AnySequence(
      candidates.lazy.map { self.measurement(of: $0, for: question.parameter) }
        .filter { $0.holds || $0.relation.isResemblance })
  }

  /// The first relation that holds without an exception, else the one with the fewest.
  func accept(_ measured: AnySequence<Measurement>, for question: Question) -> Measurement? {
    var best: Measurement?
    for measurement in measured {
      if measurement.broken == 0 { return measurement }
      if measurement.broken < best?.broken ?? .max { best = measurement }
    }
    return best
  }

  func close(_ question: Question, with answer: Measurement?) {
    let parameter = question.parameter
    if let answer {
      findings += WeightFinding.all(answer, of: parameter.parameter, in: reference.config)
      if case .rounded(let rounding) = answer.relation.numberChange { usual = rounding }
    } else if let finding = damage(parameter) {
      findings.append(finding)
    } else {
      unexplained.append(parameter.parameter)
    }
  }

  var conclusion: [Diagnosis] {
    guard !isCancelled() else { return [] }
    var left = findings
    let verdicts = DefectCatalogue.kinds.compactMap {
      $0.verdict(on: self, unexplained: unexplained, findings: &left)
    }
    let named = left.withPairsOnce.withWholeFilesOnce.withBiasesInWeights.map(\.diagnosis)
    let configs = probe.map {
      ConfigEvidence(models.subject, models.reference, $0, isCancelled).diagnose()
    }
    return .merging((named + verdicts).inOrder, configs ?? [])
  }

  /// What happened to a parameter of either side that is not a relation to the other's.
  private func damage(_ parameter: DifferingParameter) -> WeightFinding? {
    for kind in DefectCatalogue.kinds {
      if let finding = kind.finding(on: parameter, in: self) { return finding }
    }
    return damageToReference(parameter)
  }

  /// What cannot be undone and happened to the reference's parameter instead of the subject's: it is
  /// zero, or holds the subject's numbers rounded.
  private func damageToReference(_ parameter: DifferingParameter) -> WeightFinding? {
    guard parameter.shape == parameter.referenceShape, !parameter.samples.isEmpty else {
      return nil
    }
    let own = parameter.parameter
    let evidence = WeightEvidence(reversing: self)
    let other = DifferingParameter(own, in: evidence)
    let lossy = evidence.question(other).changes.filter {
      $0.numberChange.map { $0.inverse == nil } ?? false
    }
    for change in lossy {
      let relation = Relation(own, change: change)
      guard evidence.isPossible(relation, for: other) else { continue }
      let measurement = evidence.measurement(of: relation, for: other)
      guard measurement.holds else { continue }
      var defect = change
      defect.statement.owner = .other
      return WeightFinding(defect: defect, error: measurement.error)
    }
    return nil
  }
}
