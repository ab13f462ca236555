internal import AlbertArchitecture
internal import AlbertBytes
internal import AlbertGraphEngine
internal import AlbertGraphs
internal import AlbertTensors

/// Holds a graph's outputs against values of which nothing but their names is known.
struct NamedOutputCheck {
  /// What an output should be.
  struct Expected {
    let shape: Shape
    let values: [Double]
    /// The unit roundoff of what computed or recorded it.
    let roundoff: Double
    /// What it is called where it bears another name and was found by its shape.
    var otherName: String?
  }

  let graph: GraphModel
  let inputs: ModelInputs
  let options: Verification.Options
  /// Whose the expected values are.
  let side: StageComparison.Side
  /// The file that they come from.
  let path: String
  /// What an output of a name, or of the stage that it is, and of a shape should be; nil where nothing is
  /// known of it.
  let expected: (_ name: String, _ stage: Stage?, _ shape: Shape) throws(FileError) -> Expected?

  /// What a model's depth makes of the roundings of its arithmetic, in units of their type; measured on
  /// transformers of 48 layers it stays well below.
  private static let growth = 256.0

  /// Runs the graph and compares outputs that bear an expected value's name, or that the user maps to one.
  func run(_ observer: WorkObserver) throws(FileError) -> GraphOutcome {
    try GraphOptions.check(options.graph.map, of: graph)
    let engine = try GraphEngine(graph, mode: options.graph.mode)
    let (outputs, roundings) = try engine.runCounting(
      try GraphFeed(graph).values(inputs), budget: options.graph.budget, observer: observer)
    var outcome = GraphOutcome()
    outcome.roundings = roundings
    outcome.nodes = graph.graph.nodes.count
    for (port, value) in zip(graph.graph.outputs, outputs) {
      let stage = options.graph.map[port.name] ?? Stage(name: port.name)
      let expected = try expected(port.name, stage, value.shape)
      if let other = expected?.otherName { outcome.paired.append((port.name, other)) }
      outcome.outputs.append(compare(port.name, stage, value, expected))
    }
    guard outcome.outputs.contains(where: { $0.outcome != .notProduced }) else {
      let names = graph.graph.outputs.map { "'\($0.name)'" }.joined(separator: ", ")
      throw FileError(
        path, .missing("any output of the graph (it gives \(names))"),
        remedy: "say which stage of the \(side.words) an output is: "
          + "\(.map("OUTPUT=last_hidden_state"))")
    }
    return outcome
  }

  private func compare(
    _ name: String, _ stage: Stage?, _ value: GraphValue, _ expected: Expected?
  ) -> GraphOutcome.Output {
    func output(
      _ outcome: Outcome, _ problem: String? = nil, _ error: StageError? = nil,
      _ tolerance: Double = 0
    ) -> GraphOutcome.Output {
      GraphOutcome.Output(
        name: name, stage: stage, error: error, tolerance: tolerance, outcome: outcome,
        problem: problem)
    }
    guard let expected else { return output(.notProduced) }
    guard case .numbers(let numbers) = value.storage else {
      return output(.fail, "it holds no floating-point numbers")
    }
    guard expected.shape == value.shape else {
      return output(
        .fail,
        ShapeMismatch(subject: value.dimensions, expected: expected.shape.dimensions).problem(side))
    }
    // Whatever the stage, the last axis is its channels.
    let geometry = StageGeometry(.poolerOutput, value.shape, .backbone, inputs)
    let error = StageError(numbers, expected: expected.values, geometry)
    let roundoff = max(
      GraphPrecision(graph.graph, options.graph.mode).roundoff, expected.roundoff)
    let most = options.tolerance ?? Self.growth * roundoff * max(error.scale, 1)
    let holds = error.real.nonFinite == 0 && error.real.maxAbs <= most
    return output(Outcome(holds: holds), nil, error, most)
  }
}
