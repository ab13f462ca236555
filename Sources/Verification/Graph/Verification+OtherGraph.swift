internal import AlbertArchitecture
package import AlbertBytes
package import AlbertConversion
internal import AlbertGraphEngine
internal import AlbertGraphs
internal import AlbertReading
internal import AlbertTokenizers
package import SystemPackage

/// A graph in which no ALBERT was recognised.
package final class OtherGraph: Sendable {
  /// The path that was named.
  package let path: FilePath
  /// Why it is not known what its tensors are.
  package let refusal: FileError
  let model: GraphModel

  /// All files that belong to the graph.
  package var files: [SourceFile] { model.files }

  /// Opens the graph at `path`; throws `refusal` where there is none, or where that says nothing of the file.
  package init(_ path: FilePath, refused refusal: FileError) throws(FileError) {
    if refusal.isOfReading { throw refusal }
    let opened = try FileError.ifReadable { () throws(FileError) in try GraphRegistry.open(path) }
    guard let model = opened else { throw refusal }
    self.path = path
    self.refusal = refusal
    self.model = model
  }

  /// Throws `changed` where a file of the graph is no longer the one that was opened.
  func checkUnchanged() throws(FileError) {
    for file in files { try file.checkUnchanged() }
  }
}

extension TextSide {
  /// A graph, with the tokenizer that lies beside it.
  init(_ graph: OtherGraph) {
    self.init(path: graph.path.string, config: nil) { () throws(FileError) in
      try Tokenizer(try TokenizerFiles(beside: graph.path))
    }
  }
}

extension Verification {
  /// Holds the outputs of a graph in which no ALBERT was recognised against a reference's, or against
  /// recorded ones.
  ///
  /// Throws what hinders the run, and `cancelled` where an observer gives up.
  package static func verify(
    _ subject: OtherGraph, against reference: LoadedModel?, golden: GoldenFile?,
    _ options: Options = Options(),
    observers: VerificationPhase.Observers = { _ in WorkObserver() }
  ) throws(FileError) -> VerificationResult {
    let (graph, refusal) = (subject.model, subject.refusal)
    var options = options
    var result = VerificationResult(
      of: subject.path.string, reference: reference?.inspection.path.string,
      golden: golden?.path.string)
    // Only a graph's inputs are known of it, so that a reference's tokenizer reads for both.
    let side = reference.map(TextSide.init) ?? TextSide(subject)
    result.take(try options.texts?.read(by: side), whole: true, into: &options)
    result.findings.add(
      .warning, code: "graph-not-recognised",
      "only the graph's outputs were compared, its tensors were not: \(refusal.message)",
      remedy: refusal.advice)
    result.findings += reference?.findings ?? []
    guard let reference else {
      result = try verify(graph, golden, options, observers(.computing), result)
      try subject.checkUnchanged()
      return result
    }
    if let file = options.file { options.inputs = try file.inputs() }
    let recorded = golden.flatMap { golden in golden.inputs.map { ($0, golden.path.string) } }
    var check = try GraphCheck(
      graph, beside: reference.model, recorded: recorded, [reference.model.config], options, &result
    )
    check.weightRoundoff = roundoff(of: reference)
    check.tolerance = options.tolerance
    let observer = observers(.computing)
    let found = try check.run(observer)
    result.take(found.outcome)
    if let finding = unproven(found.outcome, isTighter: UnroundedCheck.isTighter(check)) {
      result.findings.append(finding)
    }
    if !found.outcome.holds {
      result.take(try check.explain(found, observer))
    }
    if let golden {
      result.take(
        try verify(graph, golden, options, observers(.computing), VerificationResult()))
    }
    try subject.checkUnchanged()
    try reference.checkUnchanged()
    return result
  }

  /// The same against recorded outputs alone, by their names.
  private static func verify(
    _ graph: GraphModel, _ golden: GoldenFile?, _ options: Options, _ observer: WorkObserver,
    _ result: VerificationResult
  ) throws(FileError) -> VerificationResult {
    guard let golden else { throw nothingToVerifyAgainst(graph.path) }
    let recorded = InputsFile(golden)
    let values: [String: GraphValue]
    if let inputs = options.inputs {
      values = try GraphFeed(graph).values(inputs)
    } else {
      values = try (options.file ?? recorded).values(of: graph)
    }
    if let missing = graph.graph.inputs.first(where: {
      values[$0.name] == nil && graph.graph.initializers[$0.name] == nil
    }) {
      throw FileError(
        options.file?.path ?? golden.path.string, .missing("the array '\(missing.name)'"),
        remedy: "record the inputs too, or name their file with \(.inputs)")
    }
    var result = result
    let inputs = Set(graph.graph.inputs.map(\.name))
    let check = NamedOutputCheck(
      graph: graph, values: values, options: options.graph, tolerance: options.tolerance,
      side: .golden, path: golden.path.string,
      names: recorded.names.filter { !inputs.contains($0) }
    ) { (name, _) throws(FileError) in
      guard recorded.names.contains(name), let value = try recorded.value(named: name) else {
        return nil
      }
      var roundoff = 0.0
      if case .numbers(let numbers) = value.storage, let type = value.type.elementType {
        roundoff = GoldenStage.precision(of: numbers, savedAs: type).roundoff
      }
      return NamedOutputCheck.Expected(value: value, roundoff: roundoff)
    }
    result.take(try check.run(observer))
    return result
  }
}
