internal import AlbertArchitecture
internal import AlbertBytes
internal import AlbertConversion
internal import AlbertDiagnosis
internal import AlbertGraphEngine
internal import AlbertReading
internal import AlbertTensors

/// Runs a graph without what it rounds, beside the forward pass over its own weights.
///
/// What quantising costs hides any defect that is smaller. Both are left out here: numbers stay as they are
/// where the graph would round them, and the weights are those that the graph computes with, as stored. So
/// does what it costs that weights were stored in half precision.
final class UnroundedCheck {
  private let check: GraphCheck
  /// The graph's own weights with what was read of the graph.
  private let own: OwnWeights

  /// The check beside `check`; nil where nothing is rounded that a tighter check could leave out.
  init?(_ check: GraphCheck, _ own: OwnWeights?) {
    let isHalf = check.weightRoundoff.contains { $0 > ElementType.float32.roundoff }
    guard let own, isHalf || Self.isTighter(check) || own.roundoff != nil else { return nil }
    self.own = own
    var beside = check
    beside.mode = .unrounded
    beside.reference = own.computing(as: check.reference.config)
    // Factors are no more and no larger than the weights, and rounded as they are.
    beside.weightRoundoff = [GraphPrecision.constants(of: check.graph.graph)]
    beside.tolerance = nil
    beside.golden = nil
    self.check = beside
  }

  /// Whether a graph rounds more coarsely than its own constants are.
  static func isTighter(_ check: GraphCheck) -> Bool {
    GraphPrecision(check.graph.graph, .unrounded).roundoff
      < GraphPrecision(check.graph.graph, check.mode).roundoff
  }

  /// What a run showed, beside `rounded`, which is the run of the graph as it is; adds to it.
  ///
  /// Gives what explains a graph that differs, by the catalogue that explains recordings. Throws `cancelled`
  /// where the observer gives up.
  func run(
    beside rounded: inout GraphCheck.Result, _ observer: WorkObserver
  ) throws(FileError) -> Explained {
    var outcome = GraphOutcome.Unrounded()
    defer { rounded.outcome.unrounded = outcome }
    let found: GraphCheck.Result
    do throws(FileError) {
      found = try check.run(observer)
    } catch {
      if error.problem == .cancelled { throw error }
      outcome.problem = error.message
      return Explained()
    }
    outcome.outputs = found.outcome.outputs
    outcome.found = found.outcome.found
    outcome.sought = found.outcome.sought
    outcome.cost = zip(rounded.outputs, found.outputs).compactMap { a, b in
      a.type.family == .numbers && a.shape == b.shape
        ? a.doubles.largestDifference(from: b.doubles) : nil
    }.max()
    guard !found.outcome.holds else {
      var explained = Explained()
      if let stated = stated(found) {
        outcome.statesOtherwise = true
        rounded.outcome.divergence = divergence(stated)
        explained.diagnosis = [
          stated.setting.diagnosis(beside: check.reference.config, explaining: stated.share)
        ]
      } else {
        outcome.problem = unseen(found, beside: rounded)
      }
      return explained
    }
    let plain = check.graph.graph.plainRoundings
    guard plain.isEmpty else {
      let list = plain.ordered(by: \.key).map { "\($0.value) \($0.key)" }
      outcome.problem =
        "it rounds with operators that also serve other ends (\(list.joined(separator: ", ")))"
      return Explained()
    }
    outcome.isMisread = try check.refutes(found.outputs, own)
    rounded.outcome.divergence = found.outcome.divergence
    return try check.explain(found, observer)
  }

  /// Why a run that follows its own weights does not prove every output: of a head that was not recognised there
  /// are none.
  private func unseen(_ found: GraphCheck.Result, beside rounded: GraphCheck.Result) -> String? {
    let names = zip(rounded.outcome.outputs, found.outcome.outputs).filter { rounded, found in
      rounded.error != nil && found.outcome == .notProduced
    }.map { "'\($0.0.name)'" }
    return names.isEmpty ? nil : "what makes \(names.firstFew) was not recognised"
  }

  /// What a single layer states otherwise than the others, where factors of half precision hide it.
  private func stated(_ found: GraphCheck.Result) -> SettingCheck.Effect? {
    guard GraphPrecision.constants(of: check.graph.graph) > ElementType.float32.roundoff else {
      return nil
    }
    return SettingCheck(reference: check.reference, inputs: check.inputs).first(
      of: check.settings, found.recorded.mapValues(\.doubles))
  }

  private func divergence(_ effect: SettingCheck.Effect) -> GraphOutcome.Divergence {
    let setting = effect.setting
    let node = check.graph.graph.nodes.first {
      $0.name == setting.node || ($0.name.isEmpty && $0.outputs.first == setting.node)
    }
    return GraphOutcome.Divergence(
      node: setting.node, operation: node?.operation ?? "", inputs: node?.inputs ?? [],
      maxAbs: effect.maxAbs, stageBefore: setting.layer.map { .hiddenStates($0) },
      expected: setting.part)
  }
}
