internal import Albert
internal import Bytes
internal import Tensors

/// Holds a model's stages against those of a golden file.
struct GoldenCheck {
  let subject: Subject
  let golden: RecordedFile
  let inputs: ModelInputs
  /// The file that the inputs came from.
  let inputsPath: String
  let engines: Engines
  let weightRoundoff: [Double]
  let tolerance: Double?

  /// What explains stages that differ, and where nothing does, whether everything was tried.
  func diagnose(
    _ stages: [StageComparison]
  ) throws(FileError) -> (diagnosis: [Diagnosis], findings: [Finding]) {
    let search = try ForwardDiagnosis(
      subject.store, golden, recorded, inputs, weightRoundoff: weightRoundoff, stages: stages)
    let diagnosis = search.run()
    return (diagnosis, diagnosis.isEmpty ? [search.incompleteness].compactMap(\.self) : [])
  }

  /// The subject's stage that a recorded one is: itself, or the only head's where it says `logits`.
  static func stage(_ recorded: Stage, in contents: ModelContents, _ golden: RecordedFile) -> Stage
  {
    let isPrediction =
      recorded == .logits && contents.heads == ["mlm"] && golden.stages[.predictionLogits] == nil
    return isPrediction ? .predictionLogits : recorded
  }

  /// The recorded stages, by the subject's name for each.
  var recorded: [Stage: Stage] {
    var recorded: [Stage: Stage] = [:]
    for stage in golden.stages.keys {
      recorded[Self.stage(stage, in: subject.store.contents, golden)] = stage
    }
    return recorded
  }

  func run() throws(FileError) -> [StageComparison] {
    let produced = subject.stages
    let recorded = recorded
    let common = produced.filter { recorded[$0] != nil }
    guard !common.isEmpty else {
      throw FileError(
        golden.path.string, .missing("any stage that the model has"),
        remedy:
          "record at least one of \(produced.prefix(3).map(\.name).joined(separator: ", ")), …")
    }
    let comparer = StageComparer(
      config: subject.store.config, contents: subject.store.contents, inputs: inputs,
      side: .golden, weightRoundoff: weightRoundoff, override: tolerance)
    var results: [StageComparison] = []
    try subject.forward(engines, inputs, from: inputsPath, common) { (computed) throws(FileError) in
      guard let name = recorded[computed.stage] else { return }
      let values = try golden.values(of: name)
      let expected = ExpectedStage(
        shape: values.shape, values: values.values, roundoff: values.precision.roundoff)
      results.append(comparer.compare(computed, with: expected))
    }
    let lacking = recorded.keys.filter { !produced.contains($0) }.sorted { $0.name < $1.name }
    for engine in engines.list {
      results += lacking.map { comparer.notProduced($0, by: engine) }
    }
    return results.inOrder(produced)
  }
}

extension [StageComparison] {
  /// In the order of computation, engine by engine; stages that the subject lacks last.
  func inOrder(_ stages: [Stage]) -> [StageComparison] {
    let places = Dictionary(uniqueKeysWithValues: stages.enumerated().map { ($1, $0) })
    return enumerated().sorted { left, right in
      let a = (places[left.element.stage] ?? stages.count, left.element.engine == .fast ? 1 : 0)
      let b = (places[right.element.stage] ?? stages.count, right.element.engine == .fast ? 1 : 0)
      return a == b ? left.offset < right.offset : a < b
    }.map(\.element)
  }
}
