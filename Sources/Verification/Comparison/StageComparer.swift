internal import AlbertArchitecture
internal import AlbertDiagnosis

/// Compares stages of one subject on one set of inputs.
struct StageComparer {
  /// The model whose stages they are.
  let subject: Subject
  let inputs: ModelInputs
  let side: Side
  /// The unit roundoff of the types to which either side's weights may have been rounded.
  let weightRoundoff: [Double]
  /// The user's own tolerance.
  let override: Double?
  /// Which of several inputs these are.
  var probe = 0

  private var model: any ParameterStore { subject.store }

  func compare<Element>(
    _ output: StageOutput<Element>, by engine: Engine, with expected: ExpectedStage
  ) -> StageComparison {
    guard output.shape == expected.shape else {
      return mismatch(
        output.stage, by: engine,
        ShapeMismatch(subject: output.shape.dimensions, expected: expected.shape.dimensions))
    }
    let geometry = StageGeometry(output.stage, output.shape, model.contents, inputs)
    let error = StageError(output.values, expected: expected.values, geometry)
    let rounding = Tolerance(
      arithmetic: [engine.roundoff, expected.roundoff], weights: weightRoundoff)
    let tolerance =
      override
      ?? rounding.largest(
        output.stage, model.config, scale: scale(of: output.stage, error),
        count: error.real.count, keys: inputs.sequence)
    // Padding may differ, but what is not a number at one token reaches others through the attention.
    let holds = error.holds(within: tolerance) && error.padded.nonFinite == 0
    var result = comparison(output.stage, engine, error, tolerance, Outcome(holds: holds))
    result.rounding = rounding
    return result
  }

  /// The comparisons, those that fail by so little that rounding may explain it by what was measured.
  func settled(
    _ results: [StageComparison], isCancelled: @escaping @Sendable () -> Bool
  ) -> [StageComparison] {
    guard override == nil else { return results }
    let doubtful = results.filter { result in
      guard result.outcome == .fail, let error = result.error else { return false }
      return MeasuredRounding.mayExplain(error, beyond: result.tolerance)
    }
    var measured: [Engine: [Stage: Double]] = [:]
    let engines = Dictionary(grouping: doubtful, by: \.engine)
      .ordered { ($1.key.roundoff, $0.key.rawValue) < ($0.key.roundoff, $1.key.rawValue) }
    for (engine, results) in engines {
      guard let rounding = results.first?.rounding else { continue }
      // What coarser rounding does not explain, finer does not either.
      let scales = results.compactMap { result -> (Stage, Double)? in
        guard let error = result.error,
          measured.values.allSatisfy({ error.holds(within: $0[result.stage] ?? .infinity) })
        else { return nil }
        return (result.stage, scale(of: result.stage, error))
      }
      guard !scales.isEmpty else { continue }
      measured[engine] = MeasuredRounding(model: model, inputs: inputs, rounding: rounding)
        .largest(Dictionary(firstOfEach: scales), isCancelled: isCancelled)
    }
    return results.map { result in
      guard let error = result.error, result.outcome == .fail,
        let largest = measured[result.engine]?[result.stage], error.holds(within: largest)
      else { return result }
      var result = result
      (result.tolerance, result.outcome) = (largest, .pass)
      return result
    }
  }

  /// The size that a stage's errors are relative to.
  private func scale(of stage: Stage, _ error: StageError) -> Double {
    max(error.scale, subject.headSizes[stage])
  }

  /// A stage that only one side has.
  func notProduced(_ stage: Stage, by engine: Engine) -> StageComparison {
    comparison(stage, engine, nil, 0, .notProduced)
  }

  /// A stage that has another shape on each side.
  func mismatch(_ stage: Stage, by engine: Engine, _ shapes: ShapeMismatch) -> StageComparison {
    var result = notCompared(stage, by: engine, shapes.problem(side))
    result.shapes = shapes
    return result
  }

  /// A stage that fails without a comparison.
  func notCompared(_ stage: Stage, by engine: Engine, _ problem: String) -> StageComparison {
    var result = comparison(stage, engine, nil, 0, .fail)
    result.problem = problem
    return result
  }

  private func comparison(
    _ stage: Stage, _ engine: Engine, _ error: StageError?, _ tolerance: Double, _ outcome: Outcome
  ) -> StageComparison {
    StageComparison(
      stage: stage, engine: engine, side: side, error: error, tolerance: tolerance,
      outcome: outcome, probe: probe)
  }
}
