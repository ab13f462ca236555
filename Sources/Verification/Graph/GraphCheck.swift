internal import AlbertArchitecture
internal import AlbertBytes
internal import AlbertDiagnosis
internal import AlbertGraphEngine
internal import AlbertGraphs
internal import AlbertTensors

/// Inputs, and the file that they came from.
typealias GivenInputs = (inputs: ModelInputs, path: String)

/// Runs a file's own graph beside a reference's forward pass.
struct GraphCheck {
  var graph: GraphModel
  var mode: GraphMode
  /// The model that says what is right.
  var reference: any ParameterStore
  let inputs: ModelInputs
  /// The file that the inputs came from.
  let inputsPath: String
  /// The unit roundoff of the types to which either side's weights may have been rounded.
  var weightRoundoff: [Double] = []
  /// The user's own tolerance.
  var tolerance: Double?
  /// The stages that outputs are, by the names of the outputs, as the user says.
  let map: [String: Stage]
  /// How many times the usual limits apply.
  let budget: Double
  /// Names of values that are stages by the graph's structure.
  var places: [Stage: String] = [:]
  /// What single layers take in the place of shared parameters: a parameter's group is its layer.
  var strays: [Parameter: [Double]] = [:]
  /// What single layers compute by otherwise than the others, as the graph's operators state it.
  var settings: [LayerSetting] = []

  /// Recorded outputs, which count instead of the reference's.
  var golden: GraphGolden?

  /// What was found.
  struct Result {
    var outcome = GraphOutcome()
    /// The graph's outputs, in order.
    var outputs: [GraphValue] = []
    /// The graph's values that are stages.
    var recorded: [Stage: GraphValue] = [:]
    /// The graph's softmaxes.
    var softmaxes: SoftmaxAxes
  }

  /// A check beside a reference, on the user's inputs, else on recorded ones, else on a probe for models of
  /// `configs`, of which `result` is told what the graph cannot be asked about.
  init(
    _ graph: GraphModel, beside reference: any ParameterStore, recorded: GivenInputs?,
    _ configs: [AlbertConfig], _ options: Verification.Options,
    _ result: inout VerificationResult
  ) throws(FileError) {
    self.graph = graph
    self.reference = reference
    mode = options.graph.mode
    map = options.graph.map
    budget = options.graph.budget
    if let given = options.inputs.map({ ($0, options.inputsPath) }) ?? recorded {
      (inputs, inputsPath) = given
    } else {
      (inputs, inputsPath) = (try GraphProbe.inputs(graph, configs), result.subject)
      result.findings += GraphFeed(graph).findings
    }
  }

  /// Runs the graph.
  ///
  /// Throws where it cannot run or the inputs do not fit it, and `cancelled` where the observer gives up.
  func run(_ observer: WorkObserver) throws(FileError) -> Result {
    if let problem = inputs.problem(for: reference) { throw problem.fileError(path: inputsPath) }
    try GraphOptions.check(map.keys, of: graph)
    let engine = try GraphEngine(graph, mode: mode)
    let landmarks = Landmarks(reference, inputs).all
    let rounding = rounding
    var trace = GraphTrace(
      graph.graph, landmarks,
      allowed: landmarks.map {
        tolerance ?? $0.allowance(rounding, reference.config, keys: inputs.sequence)
      })
    let wanted = Dictionary(firstOfEach: places.map { ($0.value, $0.key) })
    var result = Result(softmaxes: SoftmaxAxes(graph.graph))
    (result.outputs, result.outcome.roundings) = try engine.runCounting(
      try GraphFeed(graph).values(inputs), budget: budget, observer: observer
    ) { (_, name, value) throws(FileError) in
      trace.take(name, value)
      result.softmaxes.take(name, value)
      if let stage = wanted[name] { result.recorded[stage] = value }
    }
    result.outcome.nodes = graph.graph.nodes.count
    result.outcome.found = trace.found
    result.outcome.sought = trace.sought
    result.outcome.outputs = try compare(
      result.outputs, landmarks, rounding, observer
    ).map { output in
      trace.isBehind(output) && map[output.name] == nil && Stage(name: output.name) == nil
        ? behind(output, trace.found) : output
    }
    var compared: Set<String> = []
    for (output, value) in zip(result.outcome.outputs, result.outputs) {
      guard let stage = output.stage, value.type.family == .numbers else { continue }
      compared.insert(output.name)
      if result.recorded[stage] == nil, output.error != nil { result.recorded[stage] = value }
    }
    guard !compared.isEmpty else {
      let names = graph.graph.outputs.map { "'\($0.name)'" }.joined(separator: ", ")
      throw FileError(
        graph.path, .missing("an output that is a stage (the graph gives \(names))"),
        remedy: "say which stage an output is: \(.map("OUTPUT=last_hidden_state"))")
    }
    if !result.outcome.holds { result.outcome.divergence = trace.divergence(to: compared) }
    return result
  }

  /// An output that was taken for a stage by its shape, and is made of that stage: the stage itself, which
  /// the graph has right, was compared.
  private func behind(
    _ output: GraphOutcome.Output, _ found: [GraphOutcome.Found]
  ) -> GraphOutcome.Output {
    guard let stage = output.stage, let place = found.first(where: { $0.stage == stage }) else {
      return output
    }
    return GraphOutcome.Output(
      name: output.name, stage: stage, outcome: .pass,
      problem: "it is made of \(stage.name), which the value '\(place.value)' is within "
        + "\(place.maxAbs) of; what it is made by was not compared", tolerance: output.tolerance)
  }

  /// Whether the outputs of a run refute that `model` was read of the graph, by its weights and its config alone:
  /// outputs that are no finite numbers refute nothing.
  func refutes(_ outputs: [GraphValue], _ model: any ParameterStore) throws(FileError) -> Bool {
    let isFinite = outputs.allSatisfy { value in
      value.type.family != .numbers || value.doubles.allSatisfy(\.isFinite)
    }
    guard isFinite else { return false }
    return !(try holds(outputs, beside: model))
  }

  /// Whether the outputs of a run are what `model` computes.
  private func holds(_ outputs: [GraphValue], beside model: any ParameterStore) throws(FileError)
    -> Bool
  {
    guard inputs.problem(for: model) == nil else { return false }
    var own = self
    own.reference = model
    own.weightRoundoff = []
    own.golden = nil
    var outcome = GraphOutcome()
    outcome.outputs = try own.compare(
      outputs, Landmarks(model, inputs).all, own.rounding, WorkObserver())
    return outcome.holds
  }

  /// The largest error of the outputs of a run beside what the reference computes with some LayerNorms' own
  /// epsilons, and whether rounding explains them all.
  func error(
    of outputs: [GraphValue], with epsilons: [String: Double], _ observer: WorkObserver
  ) throws(FileError) -> (largest: Double, holds: Bool) {
    var outcome = GraphOutcome()
    outcome.outputs = try compare(
      outputs, Landmarks(reference, inputs, epsilons: epsilons).all, rounding, observer)
    return (outcome.largestError, outcome.holds)
  }

  /// The graph's outputs beside the stages that they are.
  private func compare(
    _ outputs: [GraphValue], _ landmarks: [Landmark], _ rounding: Tolerance,
    _ observer: WorkObserver
  ) throws(FileError) -> [GraphOutcome.Output] {
    let expected = Dictionary(
      firstOfEach: landmarks.compactMap { landmark in landmark.stage.map { ($0, landmark) } })
    var compared: [GraphOutcome.Output] = []
    for (port, value) in zip(graph.graph.outputs, outputs) {
      let stage = stage(of: port.name, value, expected)
      compared.append(try compare(port.name, value, stage, expected, rounding, observer))
    }
    return compared
  }

  /// The stage that an output is: as the user says, by its name, or the only one left of its size.
  private func stage(
    of name: String, _ value: GraphValue, _ expected: [Stage: Landmark]
  ) -> Stage? {
    if let stage = map[name] { return stage }
    if let stage = Stage(name: name), expected[stage] != nil { return stage }
    if name == Stage.logits.name, expected[.predictionLogits] != nil,
      reference.contents.heads == ["mlm"]
    {
      return .predictionLogits
    }
    let shape = value.dimensions
    let fitting = expected.keys.filter { stage in
      stage.dimensions(reference.config, reference.contents, inputs) == shape
    }
    // Of several hidden states the last is what a graph gives.
    if fitting.contains(.lastHiddenState) { return .lastHiddenState }
    return fitting.count == 1 ? fitting.first : nil
  }

  private func compare(
    _ name: String, _ value: GraphValue, _ stage: Stage?, _ expected: [Stage: Landmark],
    _ rounding: Tolerance, _ observer: WorkObserver
  ) throws(FileError) -> GraphOutcome.Output {
    func output(_ outcome: Outcome, _ problem: String?) -> GraphOutcome.Output {
      GraphOutcome.Output(name: name, stage: stage, outcome: outcome, problem: problem)
    }
    guard let stage, let landmark = expected[stage] else {
      return output(
        .notProduced, stage == nil ? "it is no stage of the reference by its name or shape" : nil)
    }
    guard case .numbers(let numbers) = value.storage else {
      return output(.fail, "it holds no floating-point numbers")
    }
    let dimensions = stage.dimensions(reference.config, reference.contents, inputs)
    guard value.dimensions == dimensions else {
      return output(
        .fail,
        ShapeMismatch(subject: value.dimensions, expected: dimensions).problem(.reference))
    }
    let geometry = StageGeometry(stage, value.shape, reference.contents, inputs)
    let recorded = try golden?.values(stage)
    let error = StageError(numbers, expected: recorded?.values ?? landmark.layouts[0], geometry)
    var rounding = rounding
    if let recorded { rounding.arithmetic.append(recorded.roundoff) }
    let scale = max(error.scale, reference.headSize(of: stage))
    var most =
      tolerance
      ?? rounding.largest(
        stage, reference.config, scale: scale, count: error.real.count, keys: inputs.sequence)
    if tolerance == nil, !error.holds(within: most),
      MeasuredRounding.mayExplain(error, beyond: most),
      let measured = MeasuredRounding(model: reference, inputs: inputs, rounding: rounding)
        .largest([stage: scale], isCancelled: observer.isCancelled)[stage]
    {
      most = max(most, measured)
    }
    return GraphOutcome.Output(
      name: name, stage: stage, outcome: Outcome(holds: error.holds(within: most)), error: error,
      tolerance: most)
  }

  /// What both sides round to: the graph's own constants are Float32, and where it rounds its values to
  /// integers or is run as a runtime would, those are coarser.
  ///
  /// All nodes are looked at for it.
  private var rounding: Tolerance {
    Tolerance(
      arithmetic: [GraphPrecision(graph.graph, mode).roundoff, Engine.reference.roundoff],
      weights: weightRoundoff)
  }

  /// What explains outputs that differ, by the catalogue that explains recordings.
  func explain(
    _ result: Result, _ observer: WorkObserver
  ) throws(FileError) -> Explained {
    if let diagnosis = try result.softmaxes.diagnosis(of: self, beside: result, observer) {
      return Explained(diagnosis: [diagnosis])
    }
    let stated = try StatedEpsilons(settings)?.diagnoses(of: self, beside: result, observer) ?? []
    guard stated.isEmpty else { return Explained(diagnosis: stated) }
    let (config, contents) = (reference.config, reference.contents)
    let values = result.recorded.filter { stage, value in
      value.dimensions == stage.dimensions(config, contents, inputs)
    }
    guard !values.isEmpty else { return Explained() }
    let roundoff = GraphPrecision(graph.graph, mode).roundoff
    let outputs = GoldenOutputs(values.mapValues(\.shape), inputs, reference, of: .graph) {
      values[$0].map { ExpectedStage(shape: $0.shape, values: $0.doubles, roundoff: roundoff) }
    }
    let passed = Set(result.outcome.found.map(\.stage)).intersection(values.keys)
    let evidence = OutputEvidence(
      reference, outputs, weightRoundoff: weightRoundoff, strays: strays,
      sharing: (reference as? OwnWeights)?.sharing, passed: passed,
      isCancelled: observer.isCancelled)
    let (diagnosis, isComplete) = evidence.diagnose()
    try observer.check(graph.path)
    return Explained(diagnosis, isComplete: isComplete, of: "the graph's outputs")
  }
}
