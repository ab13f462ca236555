import AlbertArchitecture
import ArgumentParser
import AlbertBytes
import AlbertConversion
import AlbertReading
import AlbertGraphEngine
import AlbertGraphs
import AlbertPipelines
import AlbertReports
import SystemPackage
import AlbertVerification

/// `albert run`: one forward pass, and what it says of a text.
struct RunCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Ask a model about a text, or run its forward pass and write what it computes.",
    discussion: HelpText.fitted(
      """
      With --text the model's tokenizer reads the text, and the head says what it is for: the words at \
      each [MASK], classes, labels, the answer to a --question, the best of several --pair, the order of \
      a pair, or without a head the text as a vector, which --output writes as .npy.

      Without a text it runs on --ids, on --inputs, or on a short probe of its own. What --output then \
      writes is a golden file: albert verify holds another export of the model against it.

      --engine graph runs the graph of operators that an ONNX or TensorFlow Lite file is, ALBERT's or any \
      other, in Float64 and without a runtime; graph-f32 rounds every value to the type that the graph declares. Inputs \
      then have the graph's names, and outputs its names and types.

      EXAMPLES
        albert run model.albert --text "In the beginning God created the [MASK] and the earth."
        albert run answers.albert --question "Who came?" --context "$(cat story.txt)"
        albert run sentences.albert --text - --output vectors.npy < sentences.txt
        albert run model.albert --ids 2,15,99,3
        albert run model.albert --inputs inputs.npz --output golden.npz --engine reference
        albert run model.onnx --engine graph --inputs inputs.npz --output outputs.npz
        albert run model.onnx --engine graph --value /embeddings/sum
      """))

  @Argument(help: "A model in any supported format.", completion: .file())
  var model: FilePath

  @OptionGroup
  var texts: TextOptions

  @Option(
    help: ArgumentHelp("Token ids of one sequence, such as 2,15,99,3.", valueName: "n,n,…"),
    transform: tokenIDs)
  var ids: [Int]?

  @Option(
    help: ArgumentHelp(
      "Inputs (.npz, .safetensors or .json: input_ids, attention_mask, token_type_ids, or a graph's own; or .npy of ids).",
      valueName: "file"), completion: .file(extensions: ["npz", "safetensors", "json", "npy"]))
  var inputs: FilePath?

  @Option(
    name: .customLong("output"),
    help: ArgumentHelp(
      "The file to write: a text's vector (.npy), or all stages (.safetensors, else .npz); - is standard output.",
      valueName: "file"),
    completion: .file(extensions: ["npz", "safetensors", "npy"]))
  var outputPath: OutputPath?

  @Flag(help: "Compute the attention probabilities too.")
  var allStages = false

  @Option(
    help: ArgumentHelp(
      "The forward pass: fast (Float32) or reference (Float64); or the file's own graph: graph "
        + "(Float64) or graph-f32.", valueName: "engine"))
  var engine = RunEngine.fast

  @Option(
    help: ArgumentHelp(
      "With --engine graph: a value of the graph that is wanted beside the outputs; repeatable.",
      valueName: "name"))
  var value: [String] = []

  @Flag(help: "With --engine graph: write floating-point values as Float64, as they were computed.")
  var exact = false

  @Option(
    help: ArgumentHelp(
      "With --engine graph: how many times as many elements and operations as usual a graph may take.",
      valueName: "factor"))
  var budget: Double?

  @Flag(help: "Replace an existing output.")
  var force = false

  @OptionGroup
  var reading: SourceOptions

  @OptionGroup
  var watching: ProgressOptions

  @OptionGroup
  var speech: ConsoleOptions

  var outputs: [FilePath?] { [output] }

  var namedInputs: [FilePath] { reading.namedInputs }

  /// The file to write.
  var output: FilePath? { outputPath?.path }

  func validate() throws {
    let ways = [texts.isGiven, ids != nil, inputs != nil]
    if ways.count(where: { $0 }) > 1 {
      throw ValidationError("give one of --text (or --question), --ids and --inputs")
    }
    if engine.pass != nil && (!value.isEmpty || exact || budget != nil) {
      throw ValidationError("--value, --exact and --budget are for --engine graph and graph-f32")
    }
    if engine.pass == nil && (texts.isGiven || ids != nil) {
      throw ValidationError("a graph takes --inputs, by the names of its own inputs")
    }
    if engine.pass == nil && allStages {
      throw ValidationError(
        "--all-stages is for the engines fast and reference; a graph has --value")
    }
    if engine.pass == nil && inputs != nil, !reading.given.isEmpty {
      throw ValidationError(
        "\(reading.given.joined(separator: ", ")): a graph that is given its --inputs needs no more"
      )
    }
    if texts.isGiven && allStages && output.map(VectorFile.isNamed) ?? true {
      throw ValidationError(
        "--all-stages of a text go into the file of --output, which ends in .npz or .safetensors")
    }
    try GraphBudget.check(budget)
  }

  func execute(_ console: Console) throws(FileError) -> ExitStatus {
    if let outputPath { _ = try outputPath.file(for: "what --output writes") }
    guard engine.pass != nil else { return try runGraph(console) }
    let display = watching.display(console)
    defer { display.finish() }
    let loaded = try LoadedModel(
      model, reading.inspection, progress: display.reporter("loading"))
    display.hide()
    console.findings(loaded.findings)
    let report =
      texts.isGiven ? try read(loaded, console, display) : try compute(loaded, display)
    display.finish()
    try console.result(report.lines(terminal: console.output), json: report.json)
    return .success
  }

  /// Runs the file's own graph.
  private func runGraph(_ console: Console) throws(FileError) -> ExitStatus {
    let display = watching.display(console)
    defer { display.finish() }
    let graph = try GraphRegistry.open(model)
    var options = GraphRun.Options()
    options.mode = engine.mode
    options.values = value
    options.isExact = exact
    options.budget = budget ?? 1
    let run = try GraphRun(graph, options)
    let given = try inputs.map { (path) throws(FileError) in
      try InputsFile(path, reading.inspection.archive)
    }
    try refuseOverwriting(graph.files + (given?.files ?? []))
    func compute(_ values: [String: GraphValue]) throws(FileError) -> GraphRun.Result {
      try run.run(
        values, output: output.map(OutputArgument.path), replacing: force,
        WorkObserver(progress: display.reporter("nodes", .items("nodes"))))
    }
    let result: GraphRun.Result
    if let given {
      result = try compute(try given.values(of: graph))
    } else {
      let probe = try GraphProbe.run(graph, model, reading.inspection, compute)
      console.findings(probe.findings)
      if !probe.findings.isEmpty {
        console.findings(reading.unused(of: model, "no ALBERT's graph"))
      }
      result = probe.result
    }
    display.finish()
    let report = report(result.values, roundings: result.roundings)
    try console.result(report.lines(terminal: console.output), json: report.json)
    return .success
  }

  /// The stages of a forward pass on arrays.
  private func compute(
    _ loaded: LoadedModel, _ display: ProgressDisplay
  ) throws(FileError) -> RunReport {
    let chosen = try arrays(for: loaded)
    try refuseOverwriting(loaded.inspection.keptFiles + chosen.files)
    let outputs = try stages(loaded, chosen.inputs, from: chosen.path, display)
    return report(outputs)
  }

  /// Runs the forward pass, and writes its stages where that is asked.
  func stages(
    _ loaded: LoadedModel, _ inputs: ModelInputs, from path: String, _ display: ProgressDisplay
  ) throws(FileError) -> [ValueStatistics] {
    try ForwardRun.run(
      loaded, inputs, from: path, engine: engine.pass ?? .fast, attentions: allStages,
      output: output.map(OutputArgument.path), replacing: force,
      WorkObserver(progress: display.reporter("forward pass", .items("layers"))))
  }

  /// What is told of stages or values, or of what heads say of texts.
  func report(
    _ outputs: [ValueStatistics], roundings: RoundingEffect? = nil, readings: [TextReading] = []
  ) -> RunReport {
    RunReport(
      model: model.string, engine: engine.rawValue, type: engine.type, outputs: outputs,
      roundings: roundings, readings: readings, file: output?.string)
  }

  /// Throws where the output would replace what is read.
  func refuseOverwriting(_ files: @autoclosure () -> [SourceFile]) throws(FileError) {
    if let output { try files().refuseOverwriting(OutputArgument.path(output)) }
  }

  /// The inputs that are named, else a short probe.
  private func arrays(
    for loaded: LoadedModel
  ) throws(FileError) -> (inputs: ModelInputs, path: String, files: [SourceFile]) {
    if let inputs {
      let file = try InputsFile(inputs, reading.inspection.archive)
      return (try file.inputs(), file.path, file.files)
    }
    guard let ids else { return (ProbeInputs.short([loaded.model.config]), model.string, []) }
    do throws(InputProblem) {
      return (try ModelInputs(sequence: ids), "--ids", [])
    } catch {
      throw error.fileError(path: "--ids")
    }
  }
}

/// The ids that an argument lists.
private func tokenIDs(_ argument: String) throws -> [Int] {
  let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
  let ids = parts.compactMap { part in Int(part.filter { $0 != " " }) }
  guard ids.count == parts.count else {
    throw ValidationError("'\(argument)' is no list of token ids such as 2,15,99,3")
  }
  return ids
}
