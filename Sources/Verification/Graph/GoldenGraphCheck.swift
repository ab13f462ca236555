internal import AlbertArchitecture
internal import AlbertBytes
internal import AlbertGraphEngine
internal import AlbertGraphs
internal import AlbertTensors

/// Holds a graph's outputs against recorded ones of which nothing but their names is known.
struct GoldenGraphCheck {
  let graph: GraphModel
  let golden: GoldenFile
  let inputs: ModelInputs
  let options: Verification.Options

  /// What a model's depth makes of the roundings of its arithmetic, in units of their type; measured on
  /// transformers of 48 layers it stays well below.
  private static let growth = 256.0

  /// Runs the graph and compares outputs that bear the name of a recorded stage, or that the user maps
  /// to one.
  func run(_ observer: WorkObserver) throws(FileError) -> GraphOutcome {
    try GraphOptions.check(options.graph.map, of: graph)
    let engine = try GraphEngine(graph, mode: options.graph.mode)
    let (outputs, roundings) = try engine.runCounting(
      try GraphFeed(graph).values(inputs), budget: options.graph.budget, observer: observer)
    var outcome = GraphOutcome()
    outcome.roundings = roundings
    outcome.nodes = graph.graph.nodes.count
    for (port, value) in zip(graph.graph.outputs, outputs) {
      outcome.outputs.append(try compare(port.name, value))
    }
    guard outcome.outputs.contains(where: { $0.outcome != .notProduced }) else {
      let names = graph.graph.outputs.map { "'\($0.name)'" }.joined(separator: ", ")
      throw FileError(
        golden.path.string, .missing("any output of the graph (it gives \(names))"),
        remedy: "say which recorded stage an output is: \(.map("OUTPUT=last_hidden_state"))")
    }
    return outcome
  }

  private func compare(
    _ name: String, _ value: GraphValue
  ) throws(FileError) -> GraphOutcome.Output {
    let stage = options.graph.map[name] ?? Stage(name: name)
    func output(
      _ outcome: Outcome, _ problem: String? = nil, _ error: StageError? = nil,
      _ tolerance: Double = 0
    ) -> GraphOutcome.Output {
      GraphOutcome.Output(
        name: name, stage: stage, error: error, tolerance: tolerance, outcome: outcome,
        problem: problem)
    }
    guard let stage, golden.stages[stage] != nil else { return output(.notProduced) }
    let recorded = try golden.values(of: stage)
    guard case .numbers(let numbers) = value.storage else {
      return output(.fail, "it holds no floating-point numbers")
    }
    guard recorded.shape == value.shape else {
      return output(
        .fail,
        ShapeMismatch(subject: value.dimensions, expected: recorded.shape.dimensions).problem(
          .golden))
    }
    // Whatever the stage, the last axis is its channels.
    let geometry = StageGeometry(.poolerOutput, value.shape, .backbone, inputs)
    let error = StageError(numbers, expected: recorded.values, geometry)
    let roundoff = max(
      GraphPrecision(graph.graph, options.graph.mode).roundoff, recorded.precision.roundoff)
    let most = options.tolerance ?? Self.growth * roundoff * max(error.scale, 1)
    let holds = error.real.nonFinite == 0 && error.real.maxAbs <= most
    return output(Outcome(holds: holds), nil, error, most)
  }
}
