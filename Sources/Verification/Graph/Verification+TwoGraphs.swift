internal import AlbertArchitecture
package import AlbertBytes
internal import AlbertGraphEngine
internal import AlbertGraphs
internal import AlbertReading
internal import AlbertTensors

extension Verification {
  /// Holds the outputs of a graph against those of another by their names, where it is not known of the
  /// other one what its tensors are.
  ///
  /// Both run on the same inputs: the caller's, or made-up ones. Throws what hinders the runs, and
  /// `cancelled` where an observer gives up.
  package static func verify(
    _ subject: OtherGraph, against reference: OtherGraph, _ options: Options = Options(),
    observers: VerificationPhase.Observers = { _ in WorkObserver() }
  ) throws(FileError) -> VerificationResult {
    var options = options
    var result = VerificationResult(
      of: subject.path.string, reference: reference.path.string)
    result.take(try options.texts?.read(by: TextSide(subject)), whole: true, into: &options)
    result.findings.add(
      .warning, code: "graph-not-recognised",
      "only the two graphs' outputs were compared, by their names: \(reference.refusal.message)")
    let (own, other) = (subject.model, reference.model)
    let pairs = InputPairs(own.graph.inputs, other.graph.inputs)
    result.findings += pairs.guesses.map { (other, own) in
      Finding(
        .warning, code: "input-of-another-name",
        "the reference's input '\(other)' was taken for '\(own)', by its place")
    }
    let observer = observers(.computing)
    func outcome(
      _ values: [String: GraphValue], _ others: [String: GraphValue]
    ) throws(FileError) -> GraphOutcome {
      try Self.outcome(own, values, other, others, reference.path.string, options, observer)
    }
    let found: GraphOutcome
    if let inputs = options.inputs {
      found = try outcome(
        try GraphFeed(own).values(inputs), try GraphFeed(other).values(inputs))
    } else if let file = options.file {
      let values = try file.values(of: own)
      found = try outcome(values, pairs.values(values, others: try file.values(of: other)))
    } else {
      let made = try MadeInputs(own, ports: pairs.merged).run { (values) throws(FileError) in
        try outcome(values, pairs.values(values))
      }
      found = made.result
      result.findings += made.findings
      if GraphFeed(own).takesIDs { result.findings += GraphFeed(own).findings }
    }
    result.take(found)
    try subject.checkUnchanged()
    try reference.checkUnchanged()
    return result
  }

  /// Both runs, compared.
  private static func outcome(
    _ graph: GraphModel, _ values: [String: GraphValue], _ other: GraphModel,
    _ others: [String: GraphValue], _ path: String, _ options: Options, _ observer: WorkObserver
  ) throws(FileError) -> GraphOutcome {
    let (results, _) = try GraphEngine(other, mode: options.graph.mode).runCounting(
      others, budget: options.graph.budget, observer: observer.part("reference"))
    let known = Dictionary(firstOfEach: zip(other.graph.outputs.map(\.name), results))
    let taken = Set(graph.graph.outputs.map { options.graph.names[$0.name] ?? $0.name })
    let roundoff = GraphPrecision(other.graph, options.graph.mode).roundoff
    let check = NamedOutputCheck(
      graph: graph, values: values, options: options.graph, tolerance: options.tolerance,
      side: .reference, path: path,
      names: other.graph.outputs.map(\.name)
    ) { name, shape in
      let left = known.filter { !taken.contains($0.key) && $0.value.shape == shape }
      let pair = known[name] == nil && left.count == 1 ? left.first : nil
      return (known[name] ?? pair?.value).map {
        NamedOutputCheck.Expected(value: $0, roundoff: roundoff, otherName: pair?.key)
      }
    }
    return try check.run(observer.part("graph"))
  }
}
