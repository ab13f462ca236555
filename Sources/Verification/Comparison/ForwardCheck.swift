internal import AlbertArchitecture
internal import AlbertBytes
internal import AlbertDiagnosis
internal import AlbertReferenceModel
internal import AlbertTensors

/// Holds a subject's forward pass against that of a reference, computed in Float64.
struct ForwardCheck {
  let subject: Subject
  let reference: any ParameterStore
  let engines: Engines
  let weightRoundoff: [Double]
  let tolerance: Double?
  /// Whether both sides hold the same numbers and compute the same, so that one pass serves both.
  let isSame: Bool

  /// Compares the stages of `common` on each of `probes`; the worst per stage counts.
  ///
  /// Throws where a probe cannot be computed, and `cancelled` where the observer gives up.
  func run(
    _ probes: [Probe], common: [Stage], path: String, _ observer: WorkObserver
  ) throws(FileError) -> [StageComparison] {
    let series = PassSeries(
      observer,
      costs: probes.flatMap { probe in
        ((servesBoth(probe) ? [] : [.reference]) + engines.list).map {
          ($0, cost($0, probe.inputs, probe.stages(of: common)))
        }
      })
    var worst: [Key: StageComparison] = [:]
    for (index, probe) in probes.enumerated() {
      let stages = probe.stages(of: common)
      for result in try run(probe, stages, path: path, index: index, series) {
        let key = Key(stage: result.stage, engine: result.engine)
        if let known = worst[key], !result.isWorse(than: known) { continue }
        worst[key] = result
      }
    }
    return Array(worst.values).inOrder(subject.stages)
  }

  private struct Key: Hashable {
    let stage: Stage
    let engine: Engine
  }

  /// Whether the subject's pass in Float64 stands for the reference's too.
  func servesBoth(_ probe: Probe) -> Bool {
    isSame && engines != .fast && probe.inputs == probe.reference
  }

  private func cost(_ engine: Engine, _ inputs: ModelInputs, _ stages: [Stage]) -> Int {
    engine.cost(inputs, stages, subject.store.config)
  }

  private func run(
    _ probe: Probe, _ stages: [Stage], path: String, index: Int, _ series: PassSeries
  ) throws(FileError) -> [StageComparison] {
    let inputs = probe.inputs
    var comparer = StageComparer(
      subject: subject, inputs: inputs, side: .reference, weightRoundoff: weightRoundoff,
      override: tolerance)
    comparer.probe = index
    var results: [StageComparison] = []
    func next(_ engine: Engine) -> WorkObserver {
      series.next(engine, cost: cost(engine, inputs, stages))
    }
    if servesBoth(probe) {
      // The fast engine's stages come first, and wait for what they are compared with.
      var waiting: [Stage: StageOutput<Float>] = [:]
      try subject.forward(engines, inputs, from: path, stages, observers: next) {
        (computed) throws(FileError) in
        switch computed {
        case .fast(let output): waiting[output.stage] = output
        case .reference(let output):
          let expected = ExpectedStage(output)
          results.append(comparer.compare(output, by: .reference, with: expected))
          if let fast = waiting.removeValue(forKey: output.stage) {
            results.append(comparer.compare(fast, by: .fast, with: expected))
          }
        }
      }
      return comparer.settled(results, isCancelled: series.isCancelled)
    }
    var expected: [Stage: ExpectedStage] = [:]
    do throws(InputProblem) {
      try ReferenceModel(reference).forward(
        probe.reference, stages: stages, observer: next(.reference)
      ) {
        expected[$0.stage] = ExpectedStage($0)
      }
    } catch {
      throw error.fileError(path: path)
    }
    try subject.forward(engines, inputs, from: path, stages, observers: next) {
      (computed) throws(FileError) in
      guard let wanted = expected[computed.stage] else { return }
      results.append(comparer.compare(computed, with: wanted))
    }
    return comparer.settled(results, isCancelled: series.isCancelled)
  }
}

extension StageComparison {
  /// Whether it says more against the subject than another one of the same stage.
  func isWorse(than other: StageComparison) -> Bool {
    if outcome != other.outcome { return outcome == .fail }
    guard let mine = error, let theirs = other.error else { return error == nil }
    if mine.real.nonFinite != theirs.real.nonFinite {
      return mine.real.nonFinite > theirs.real.nonFinite
    }
    return mine.real.maxAbs > theirs.real.maxAbs
  }
}
