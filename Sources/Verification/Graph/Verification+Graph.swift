internal import AlbertArchitecture
internal import AlbertBytes
internal import AlbertConversion
internal import AlbertReading
internal import AlbertDiagnosis
internal import AlbertGraphEngine
internal import AlbertGraphs
internal import AlbertTensors

extension Verification {
  /// Runs the subject's own graph, where its file is one, beside the reference's forward pass, and adds
  /// the check to `result`.
  ///
  /// What the weights or our own forward passes have shown to be different already is not explained
  /// again. `golden` are recorded outputs, which count where there are any.
  ///
  /// Throws where the user asked for the graph and it cannot run, and `cancelled` where the observer
  /// gives up.
  static func checkGraph(
    _ subject: LoadedModel, against reference: any ParameterStore, weightRoundoff: [Double],
    golden: GraphGolden? = nil, _ options: Options, _ observer: WorkObserver,
    into result: inout VerificationResult
  ) throws(FileError) {
    guard options.graph.isWanted, let file = subject.inspection.archive.files.first,
      subject.inspection.archive.graph != nil
    else { return }
    do throws(FileError) {
      let graph = try GraphRegistry.open(file.path)
      if let finding = tooLarge(graph.graph) {
        result.findings.append(finding)
      } else {
        try check(
          graph, subject, reference, weightRoundoff, golden, options, observer.partApart("graph"),
          &result)
      }
    } catch {
      try checkUnchanged(subject)
      try note(error, options, into: &result)
    }
    try checkUnchanged(subject)
  }

  /// Throws `changed` where the graph was read of another file than the weights.
  private static func checkUnchanged(_ subject: LoadedModel) throws(FileError) {
    for file in subject.inspection.archive.files { try file.checkUnchanged() }
  }

  /// Why a graph is not run whose weights would not fit in memory as Float64; nil where they do.
  private static func tooLarge(_ graph: Graph) -> Finding? {
    let bytes = graph.initializers.values.reduce(0.0) { $0 + 8 * Double($1.shape.count) }
    guard bytes > Double(Machine.memory) / 2 else { return nil }
    return Finding(
      .note, code: "graph-not-run",
      "the file's own graph was not run: its weights alone would take \(Int(bytes / 0x1p20)) MiB")
  }

  private static func check(
    _ graph: GraphModel, _ subject: LoadedModel, _ reference: any ParameterStore,
    _ weightRoundoff: [Double], _ golden: GraphGolden?, _ options: Options,
    _ observer: WorkObserver, _ result: inout VerificationResult
  ) throws(FileError) {
    var check = try GraphCheck(
      graph, beside: reference, recorded: golden?.inputs, [subject.model.config, reference.config],
      options, &result)
    check.weightRoundoff = weightRoundoff
    check.tolerance = options.graph.ownWeights ? nil : options.tolerance
    let fold = try GraphFold(subject.inspection)
    check.places = fold?.places ?? [:]
    check.golden = golden
    let own = try fold.map { (fold) throws(FileError) in try OwnWeights(subject, fold) }
    if let fold, let own {
      check.strays = try own.strays(subject, fold)
      check.settings = fold.settings
    }
    // Where a quantiser left some layers' copies alone, the others are off by its rounding.
    if let roundoff = own?.roundoff { check.weightRoundoff.append(roundoff) }
    var found = try check.run(observer)
    found.outcome.fold = fold
    let structure = UnroundedCheck(check, own)
    let defects = try structure?.run(beside: &found, observer)
    if let finding = Self.unproven(found.outcome, isTighter: UnroundedCheck.isTighter(check)) {
      result.findings.append(finding)
    }
    // What was shown to be different already is not explained again.
    var explains = !found.outcome.holds && result.passes
    let read: any ParameterStore = own ?? subject.model
    if !found.outcome.holds, !result.passes, try isMisread(found, check, read) {
      // What was read of the graph is not what it computes, so that only its outputs tell why.
      result.findings.add(
        .warning, code: "graph-misread",
        "the graph computes something else than the layers that were recognised in it")
      result.isMisread = true
      explains = true
    }
    result.take(found.outcome)
    if let defects { result.take(defects) }
    // Where the graph without its rounding is wrong too, that told more exactly why.
    guard explains, found.outcome.unrounded?.fails != true else { return }
    if result.isMisread, golden == nil {
      // Beside what was read of it: where that tells why, the weights and the config tell the rest.
      var beside = check
      beside.reference = read
      do throws(FileError) {
        let explained = try beside.explain(try beside.run(observer), observer)
        if !explained.diagnosis.isEmpty {
          result.isMisread = false
          return result.take(explained)
        }
      } catch {
        // Of a graph that was recognised in part, the outputs may be no stages.
        if error.problem == .cancelled { throw error }
      }
    }
    result.take(try check.explain(found, observer))
  }

  /// Whether a graph computes something else than was read of it: without its rounding, if it ran so.
  private static func isMisread(
    _ found: GraphCheck.Result, _ check: GraphCheck, _ own: any ParameterStore
  ) throws(FileError) -> Bool {
    if let unrounded = found.outcome.unrounded, unrounded.problem == nil {
      return unrounded.isMisread
    }
    return try check.refutes(found.outputs, own)
  }

  /// Says that a reference's own graph may compute something else than what was read of it, which nobody looked
  /// at; nil where it has none, or is the subject.
  static func unrun(_ reference: LoadedModel, beside subject: LoadedModel) -> Finding? {
    guard reference.inspection.archive.graph != nil,
      reference.inspection.path != subject.inspection.path
    else { return nil }
    return Finding(
      .note, code: "reference-graph-not-run",
      "only the weights and settings that were read of the reference count: its own graph was not run",
      remedy: "to prove the graph, verify it as the subject, against what it was made from")
  }

  /// Says that what rounding costs may hide a defect; nil where it cannot.
  static func unproven(_ outcome: GraphOutcome, isTighter: Bool) -> Finding? {
    guard isTighter, outcome.followsReference else { return nil }
    let reason: String
    if let unrounded = outcome.unrounded {
      guard let problem = unrounded.problem else { return nil }
      reason = "without its rounding the graph proves nothing: \(problem)"
    } else {
      reason = "its own weights were not recognised, beside which it could run without its rounding"
    }
    return Finding(
      .warning, code: "structure-not-proven",
      "a defect in the graph that is smaller than what rounding costs would not be seen: \(reason)",
      remedy: "verify the graph that it was quantised from too")
  }

  /// A graph that cannot run fails where the file is at fault; where it is beyond us, that is noted,
  /// unless the user asked for it.
  private static func note(
    _ error: FileError, _ options: Options, into result: inout VerificationResult
  ) throws(FileError) {
    switch error.problem {
    case .rejected(GraphEngine.nodeCode, let message):
      return result.take(GraphOutcome(problem: message))
    case .rejected(GraphEngine.trainingCode, let message):
      // Right weights do not make it right: no two runs of it are alike.
      return result.take(
        GraphOutcome(
          problem: message + ": the model was not set to inference before it was exported"))
    default: break
    }
    switch error.problem {
    case .rejected(GraphOptions.outputCode, _), .system, .truncated, .checksum, .changed:
      throw error
    default: break
    }
    guard !options.graph.isRequired, error.problem != .cancelled else { throw error }
    result.findings.add(
      .warning, code: "graph-not-run",
      "the file's own graph was not run, only its weights were looked at: \(error.message)",
      remedy: error.advice)
  }
}

/// Recorded outputs beside which a graph is run.
struct GraphGolden {
  /// What they were recorded with, and the file that says so.
  let inputs: GivenInputs
  /// The values of a stage; nil where it was not recorded.
  let values: (Stage) throws(FileError) -> ExpectedStage?
}
