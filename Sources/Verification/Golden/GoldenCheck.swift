internal import AlbertArchitecture
internal import AlbertDiagnosis
internal import AlbertBytes
internal import AlbertTensors

/// Holds a model's stages against those of a golden file.
final class GoldenCheck {
  let subject: Subject
  let golden: GoldenFile
  let inputs: ModelInputs
  /// The file that the inputs came from.
  let inputsPath: String
  let engines: Engines
  let weightRoundoff: [Double]
  let tolerance: Double?

  /// How the recorded arrays fit the model and the inputs.
  let fit: GoldenFit

  /// Meets a golden file, as it fits, with the stages of a subject.
  init(
    _ subject: Subject, _ golden: GoldenFile, _ fit: GoldenFit, from inputsPath: String,
    _ engines: Engines, weightRoundoff: [Double], tolerance: Double?
  ) {
    self.subject = subject
    self.golden = golden
    self.fit = fit
    inputs = fit.inputs
    self.inputsPath = inputsPath
    self.engines = engines
    self.weightRoundoff = weightRoundoff
    self.tolerance = tolerance
  }

  /// What explains stages that differ, and where nothing does, whether everything was tried.
  func diagnose(
    _ stages: [StageComparison], _ observer: WorkObserver
  ) throws(FileError) -> Explained {
    let shapes = fit.diagnosis
    if fit.isForeign || unfitInputs != nil { return Explained(diagnosis: shapes) }
    let (found, isComplete) = try evidence(stages, observer).diagnose()
    try observer.check(subject.path)
    // Of another vocabulary or number of heads the search knows better whether it is a defect.
    let isDefect = found.contains { $0.code == .vocabularyRows || $0.code == .headCount }
    let diagnosis = shapes.filter { !(isDefect && $0.code == .otherModel) } + found
    return Explained(
      diagnosis, isComplete: isComplete, of: "the difference",
      remedy: "record more stages, such as hidden_states.N, which narrow it down")
  }

  /// What the recorded stages tell, given how they compare.
  private func evidence(
    _ stages: [StageComparison], _ observer: WorkObserver
  ) throws(FileError) -> OutputEvidence {
    let (store, names) = (subject.store, fit.diagnosable)
    let outputs = try GoldenOutputs(
      names.compactMapValues { golden.stages[$0]?.shape }, inputs, store,
      headSizes: subject.headSizes
    ) { (stage) throws(FileError) in
      try golden.expected(names[stage] ?? stage)
    }
    let passed = Set(
      stages.filter { $0.outcome == .pass && $0.engine == .reference }.map(\.stage)
    ).subtracting(stages.filter { $0.outcome == .fail }.map(\.stage))
    return OutputEvidence(
      store, outputs, weightRoundoff: weightRoundoff, passed: passed,
      isCancelled: observer.isCancelled)
  }

  /// Why the model cannot take the inputs; nil where it can.
  private var unfitInputs: InputProblem? { inputs.problem(for: subject.store) }

  func run(_ observer: WorkObserver) throws(FileError) -> [StageComparison] {
    let produced = subject.stages
    guard !fit.isEmpty else {
      throw FileError(
        golden.path.string, .missing("any stage that the model has"),
        remedy:
          "record at least one of \(produced.prefix(3).map(\.name).joined(separator: ", ")), …")
    }
    let comparer = StageComparer(
      subject: subject, inputs: inputs, side: .golden, weightRoundoff: weightRoundoff,
      override: tolerance)
    var results = engines.list.flatMap { engine in
      fit.misfits.map { comparer.mismatch($0.stage, by: engine, $0.shapes) }
        + fit.lacking.map { comparer.notProduced($0, by: engine) }
    }
    if let problem = unfitInputs {
      // Of a file of another model, what its outputs say is worth more than that its ids are large.
      guard !fit.misfits.isEmpty else { throw problem.fileError(path: inputsPath) }
      results += engines.list.flatMap { engine in
        fit.fitting.keys.map { comparer.notCompared($0, by: engine, problem.message) }
      }
    } else {
      results += try compare(comparer, observer)
    }
    return results.inOrder(produced)
  }

  private func compare(
    _ comparer: StageComparer, _ observer: WorkObserver
  ) throws(FileError) -> [StageComparison] {
    let names = fit.fitting
    for name in names.values { try golden.checkType(of: name) }
    var results: [StageComparison] = []
    func cost(_ engine: Engine) -> Int { engine.cost(inputs, fit.stages, fit.config) }
    let series = PassSeries(observer, costs: engines.list.map { ($0, cost($0)) })
    try subject.forward(
      engines, inputs, from: inputsPath, fit.stages, observers: { series.next($0, cost: cost($0)) }
    ) { (computed) throws(FileError) in
      guard let name = names[computed.stage] else { return }
      results.append(comparer.compare(computed, with: try golden.expected(name)))
    }
    return comparer.settled(results, isCancelled: observer.isCancelled)
  }
}

extension ModelInputs {
  /// Why a model cannot take them; nil where it can.
  func problem(for model: any ParameterStore) -> InputProblem? {
    do throws(InputProblem) {
      try check(model.config, model.contents)
      return nil
    } catch {
      return error
    }
  }
}

extension [StageComparison] {
  /// In the order of computation, engine by engine; stages that the subject lacks last.
  func inOrder(_ stages: [Stage]) -> [StageComparison] {
    let places = Dictionary(uniqueKeysWithValues: stages.enumerated().map { ($1, $0) })
    return ordered(by: { 2 * (places[$0.stage] ?? stages.count) + ($0.engine == .fast ? 1 : 0) })
  }
}
