internal import AlbertArchitecture
internal import AlbertBytes
internal import AlbertDiagnosis
internal import AlbertGraphEngine
internal import AlbertGraphs
internal import AlbertTensors

/// Holds a graph's outputs against values of which nothing but their names is known.
struct NamedOutputCheck {
  /// What an output should be.
  struct Expected {
    let value: GraphValue
    /// The unit roundoff of what computed or recorded it.
    let roundoff: Double
    /// What it is called where it bears another name and was found by its shape.
    var otherName: String?
  }

  let graph: GraphModel
  /// What the graph takes.
  let values: [String: GraphValue]
  let options: GraphOptions
  /// The user's own tolerance.
  let tolerance: Double?
  /// Whose the expected values are.
  let side: Side
  /// The file that they come from.
  let path: String
  /// The names of all of them.
  let names: [String]
  /// What an output of a name and of a shape should be; nil where nothing is known of it.
  let expected: (_ name: String, _ shape: Shape) throws(FileError) -> Expected?

  /// What a model's depth makes of the roundings of its arithmetic, in units of their type; measured on
  /// transformers of 48 layers it stays well below.
  private static let growth = 256.0

  /// Runs the graph and compares outputs that bear an expected value's name, or that the user maps to one.
  func run(_ observer: WorkObserver) throws(FileError) -> GraphOutcome {
    let map = options.names
    try GraphOptions.check(map.keys, of: graph)
    if let unknown = map.values.sorted().first(where: { !names.contains($0) }) {
      throw FileError(
        path, .missing("an output named '\(unknown)' (there are \(Self.quoted(names)))"),
        remedy: "name one of these with \(.map())")
    }
    let engine = try GraphEngine(graph, mode: options.mode)
    let (outputs, roundings) = try engine.runCounting(
      values, budget: options.budget, observer: observer)
    var outcome = GraphOutcome()
    outcome.roundings = roundings
    outcome.nodes = graph.graph.nodes.count
    let precision = GraphPrecision(graph.graph, options.mode)
    for (port, value) in zip(graph.graph.outputs, outputs) {
      // What the user maps an output to counts before its own name.
      let name = map[port.name] ?? port.name
      let expected = try expected(name, value.shape)
      if let other = expected?.otherName { outcome.paired.append((port.name, other)) }
      outcome.outputs.append(compare(port.name, Stage(name: name), value, expected, precision))
    }
    guard outcome.outputs.contains(where: { $0.outcome != .notProduced }) else {
      let own = graph.graph.outputs.map(\.name)
      let example = "\(own.first ?? "OUTPUT")=\(names.first ?? "last_hidden_state")"
      throw FileError(
        path,
        .missing(
          "any output of the graph (it gives \(Self.quoted(own)), and there are \(Self.quoted(names)))"
        ),
        remedy: "say what of \(side.words) an output is, such as \(.map(example))")
    }
    return outcome
  }

  private static func quoted(_ names: [String]) -> String {
    names.isEmpty ? "none" : names.map { "'\($0.short)'" }.counted(naming: 16)
  }

  private func compare(
    _ name: String, _ stage: Stage?, _ value: GraphValue, _ expected: Expected?,
    _ precision: GraphPrecision
  ) -> GraphOutcome.Output {
    func output(
      _ outcome: Outcome, _ problem: String? = nil, _ error: StageError? = nil,
      within most: Double = 0
    ) -> GraphOutcome.Output {
      GraphOutcome.Output(
        name: name, stage: stage, outcome: outcome, problem: problem, error: error, tolerance: most)
    }
    guard let expected else { return output(.notProduced) }
    guard expected.value.type.family == value.type.family else {
      return output(
        .fail,
        "it is \(value.type.rawValue), and \(expected.value.type.rawValue) in \(side.words)")
    }
    guard expected.value.shape == value.shape else {
      return output(
        .fail,
        ShapeMismatch(subject: value.dimensions, expected: expected.value.dimensions).problem(side))
    }
    let error = StageError(value.doubles, expected: expected.value.doubles, value.shape)
    let isExact = value.type.family != .numbers && tolerance == nil
    if isExact, let problem = Self.difference(value, expected.value) {
      return output(.fail, problem, error)
    }
    let roundoff = max(precision.roundoff, expected.roundoff)
    let most = tolerance ?? (isExact ? 0 : Self.growth * roundoff * max(error.scale, 1))
    return output(Outcome(holds: isExact || error.holds(within: most)), nil, error, within: most)
  }

  /// What integers or truth values differ in, which are the same or not; nil where they are.
  private static func difference(_ value: GraphValue, _ expected: GraphValue) -> String? {
    let different =
      switch (value.storage, expected.storage) {
      case (.integers(let a), .integers(let b)): zip(a, b).count { $0 != $1 }
      case (.flags(let a), .flags(let b)): zip(a, b).count { $0 != $1 }
      default: value.count
      }
    return different == 0 ? nil : "\(different) of \(value.count) elements are others"
  }
}
