package import AlbertBytes
package import AlbertGraphEngine
package import AlbertGraphs
package import SystemPackage
internal import AlbertTensors

/// One run of a file's own graph, looked at and written to a file.
package struct GraphRun {
  /// What a caller decides.
  package struct Options: Sendable {
    /// How values are held between nodes.
    package var mode = GraphMode.float64
    /// Values beside the outputs that are wanted, by name.
    package var values: [String] = []
    /// How many times the usual limits apply.
    package var budget = 1.0
    /// Whether floating-point values are written as they were computed, in Float64, rather than in
    /// the types that the graph declares.
    package var isExact = false

    package init() {}
  }

  /// What values are like, and what boundaries between integers move.
  package typealias Result = (values: [ValueStatistics], roundings: RoundingEffect?)

  private let engine: GraphEngine
  private let options: Options

  /// Prepares a run.
  ///
  /// Throws where an operator is not computed here, or a value that is wanted does not exist.
  package init(_ model: GraphModel, _ options: Options = Options()) throws(FileError) {
    engine = try GraphEngine(model, mode: options.mode)
    self.options = options
    if options.values.isEmpty { return }
    let known = Set(model.graph.nodes.flatMap(\.outputs)).union(model.graph.outputs.map(\.name))
    if let name = options.values.first(where: { !known.contains($0) }) {
      throw FileError(
        model.path, Self.reason(name, model.graph), remedy: "name a value that a node gives")
    }
  }

  /// Why a name is none of a value that a run makes.
  private static func reason(_ name: String, _ graph: Graph) -> FileError.Problem {
    if graph.inputs.contains(where: { $0.name == name }) {
      return .unsupported("'\(name)', an input of the graph, as a value that it makes")
    }
    if graph.initializers[name] != nil {
      return .unsupported("'\(name)', which is stored in the graph, as a value that it makes")
    }
    return .missing("a value named '\(name)' in the graph")
  }

  /// Runs the graph, and writes inputs, outputs and the values that are wanted to `output`; says what
  /// they are like, and what boundaries between integers move.
  ///
  /// Throws where the inputs do not fit, a node cannot be computed, or the file cannot be written.
  package func run(
    _ inputs: [String: GraphValue], output: FilePath? = nil, replacing: Bool = false,
    _ observer: WorkObserver = WorkObserver()
  ) throws(FileError) -> Result {
    let graph = engine.model.graph
    var results: [(name: String, value: GraphValue)] = []
    let wanted = Set(options.values)
    let (outputs, roundings) = try engine.runCounting(
      inputs, budget: options.budget, observer: observer
    ) {
      (_, name, value) throws(FileError) in
      if wanted.contains(name) { results.append((name, value)) }
    }
    // A graph may give one value as two outputs, which a file holds once.
    var named = wanted
    for (port, value) in zip(graph.outputs, outputs) where named.insert(port.name).inserted {
      results.append((port.name, value))
    }
    if let output {
      let given = inputs.ordered(by: \.key).map { (name: $0.key, value: $0.value) }
      let names = Set(results.map(\.name))
      try write(given.filter { !names.contains($0.name) } + results, to: output, replacing)
    }
    return (
      results.map { ValueStatistics($0.name, $0.value.shape, $0.value.doubles) }, roundings
    )
  }

  private func write(
    _ values: [(name: String, value: GraphValue)], to output: FilePath, _ replacing: Bool
  ) throws(FileError) {
    let arrays = values.map { name, value in
      TensorDescription(name: name, type: type(of: value), shape: value.shape)
    }
    var file = try OutputFile(output, replacing: replacing, arrays: arrays)
    for (array, value) in zip(arrays, values) {
      try file.add(array, value.value.bytes(as: array.type))
    }
    try file.commit()
  }

  /// The type that a value is written in; what takes less than a byte is written as bytes.
  private func type(of value: GraphValue) -> ElementType {
    if options.isExact, value.type.family == .numbers { return .float64 }
    return value.type.elementType ?? (value.type.isSigned ? .int8 : .uint8)
  }
}
