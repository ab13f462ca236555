internal import AlbertArchitecture
package import AlbertBytes
internal import AlbertGraphEngine
internal import AlbertReading
internal import AlbertTensors

extension Verification {
  /// Holds the outputs of a graph against those of another by their names, where it is not known of the
  /// other one what its tensors are.
  ///
  /// Both run on the same inputs: the caller's, or a short probe. Throws what hinders the runs, and
  /// `cancelled` where an observer gives up.
  package static func verify(
    _ subject: OtherGraph, against reference: OtherGraph, _ options: Options = Options(),
    observers: VerificationPhase.Observers = { _ in WorkObserver() }
  ) throws(FileError) -> VerificationResult {
    var options = options
    var result = VerificationResult()
    result.take(
      try options.texts?.read(by: TextSide(subject)), whole: true, into: &options)
    result.subject = subject.path.string
    result.reference = reference.path.string
    result.findings.append(
      Finding(
        .warning, code: "graph-not-recognised",
        "only the two graphs' outputs were compared, by their names: \(reference.refusal.message)"))
    let inputs: ModelInputs
    if let given = options.inputs {
      inputs = given
    } else {
      inputs = try GraphProbe.inputs(subject.model)
      result.findings += GraphFeed(subject.model).findings
    }
    let observer = observers(.computing)
    let other = reference.model
    let (values, _) = try GraphEngine(other, mode: options.graph.mode).runCounting(
      try GraphFeed(other).values(inputs), budget: options.graph.budget,
      observer: observer.part("reference"))
    let known = Dictionary(
      zip(other.graph.outputs.map(\.name), values), uniquingKeysWith: { first, _ in first })
    let own = Set(subject.model.graph.outputs.map(\.name))
    let roundoff = GraphPrecision(other.graph, options.graph.mode).roundoff
    let check = NamedOutputCheck(
      graph: subject.model, inputs: inputs, options: options, side: .reference,
      path: reference.path.string
    ) { name, stage, shape in
      // What the user maps an output to counts before its own name.
      let same = stage.flatMap { known[$0.name] } ?? known[name]
      let left = known.filter { !own.contains($0.key) && $0.value.shape == shape }
      let pair = same == nil && left.count == 1 ? left.first : nil
      guard let value = same ?? pair?.value, case .numbers(let numbers) = value.storage else {
        return nil
      }
      return NamedOutputCheck.Expected(
        shape: value.shape, values: numbers, roundoff: roundoff, otherName: pair?.key)
    }
    let outcome = try check.run(observer.part("graph"))
    result.graph = outcome
    result.findings += outcome.notes
    result.checks = [Check(.graph, Outcome(holds: outcome.holds))]
    try subject.checkUnchanged()
    try reference.checkUnchanged()
    return result
  }
}
