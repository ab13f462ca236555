import AlbertArchitecture
import ArgumentParser
import AlbertBytes
import AlbertReading
import AlbertReports
import SystemPackage
import AlbertVerification

/// `albert verify`: a model against another one, or against recorded outputs.
struct VerifyCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Prove that a model computes what it should, or say why it does not.",
    discussion: HelpText.fitted(
      """
      SUBJECT and REFERENCE are models in any supported format; a golden file holds outputs that were \
      recorded elsewhere (albert run --output records one). At least one of the two is needed. \
      --config, --prefix, --head, --tied and --untied are for whichever model does not say by itself \
      what it is; of two models --adapter is merged into REFERENCE alone.

      With --text the probes are lines of text, as each model's own tokenizer reads them; without it \
      they are made from the models' sizes. Where both have a tokenizer, the two are compared in any case.

      Of an ONNX or TensorFlow Lite file the graph itself is run too, beside the forward pass over its \
      weights: the check 'graph' names the first node that leaves the way of the reference. It is run \
      where no ALBERT is recognised in it, too; --map says what its outputs are where their names do not.

      Where the two differ, known defects are tried: parameters that are swapped, transposed, negated, \
      zero, scaled or rounded, heads or rows in another order, another activation or epsilon, and more. \
      What explains the difference is named by a code and its parameter; where nothing does, nothing is.

      EXAMPLES
        albert verify model.albert --against albert_base/model.ckpt-best
        albert verify model.albert --golden golden.npz
        albert verify model.albert --against albert_base --text sentences.txt
        albert verify model.onnx --against model.albert --html report.html
        albert verify model.onnx --against model.albert --report junit.xml --report summary.md
        albert verify model.onnx --against model.albert --map output_0=last_hidden_state

      EXIT CODES
        0  it holds
        1  it does not hold; where it diverges, and why, is said
      """))

  @Argument(help: "The model to verify.", completion: .file())
  var subject: FilePath

  @Option(
    help: ArgumentHelp("The model that it should be.", valueName: "reference"), completion: .file())
  var against: FilePath?

  @Option(
    help: ArgumentHelp("Recorded outputs (.npz or .safetensors).", valueName: "file"),
    completion: .file(extensions: ["npz", "safetensors"]))
  var golden: FilePath?

  @Option(
    help: ArgumentHelp(
      "Inputs (.npz, .safetensors, .json or .npy) instead of the golden file's or the probes.",
      valueName: "file"), completion: .file(extensions: ["npz", "safetensors", "json", "npy"]))
  var inputs: FilePath?

  @Option(
    help: ArgumentHelp(
      "Texts instead of inputs, one a line; - stands for standard input.", valueName: "file"),
    completion: .file())
  var text: FilePath?

  @Option(
    help: ArgumentHelp(
      "The subject's forward passes: both, reference (Float64) or fast (Float32); or graph (Float64) "
        + "or graph-f32 (rounded as declared), where its own graph must run.", valueName: "engine"))
  var engine = VerifyEngine.both

  @Option(
    help: ArgumentHelp(
      "The stage that an output of the subject's graph is, such as out=last_hidden_state, or the "
        + "other graph's output; repeatable.", valueName: "output=stage"))
  var map: [StageMapping] = []

  @Option(
    help: ArgumentHelp(
      "How many times as many elements and operations as usual the subject's graph may take.",
      valueName: "factor"))
  var budget: Double?

  @Flag(help: "Fail where only one side holds a parameter.")
  var complete = false

  @Option(
    help: ArgumentHelp(
      "The largest absolute difference to let pass, instead of the derived one.", valueName: "x"))
  var tolerance: Double?

  @OptionGroup
  var reading: SourceOptions

  @OptionGroup
  var watching: ProgressOptions

  @OptionGroup
  var speech: ConsoleOptions

  @OptionGroup
  var page: PageOptions

  @OptionGroup
  var reports: ReportOptions

  var outputs: [FilePath?] { [page.html?.path] + reports.report.map(\.path) }

  var namedInputs: [FilePath] { reading.namedInputs }

  func validate() throws {
    if against == nil && golden == nil {
      throw ValidationError("name what to verify against: --against, --golden, or both")
    }
    if complete && against == nil { throw ValidationError("--complete goes with --against") }
    if text != nil && inputs != nil { throw ValidationError("give one of --text and --inputs") }
    if let tolerance, !(tolerance >= 0) {
      throw ValidationError("--tolerance \(tolerance) is no number from 0 up")
    }
    if let path = page.html?.path, reports.report.contains(where: { $0.path == path }) {
      throw ValidationError("--html and --report would write the same file")
    }
    try GraphBudget.check(budget)
  }

  func execute(_ console: Console) throws(FileError) -> ExitStatus {
    do throws(FileError) {
      return try verify(console)
    } catch {
      report(error)
      throw error
    }
  }

  /// Says in the reports too why there is no result, where nothing else stands in their places.
  private func report(_ error: FileError) {
    for (path, kind) in reports.all(page) {
      guard let text = VerifyReport.text(kind, error, subject: subject.string),
        let file = try? ReportFile(path, kind, replacing: false, besides: [])
      else { continue }
      try? file.write(text)
    }
  }

  private func verify(_ console: Console) throws(FileError) -> ExitStatus {
    let texts = try text.map { (path) throws(FileError) in
      path == "-"
        ? try TextProbes(try StandardInput.lines(), from: "standard input")
        : try TextProbes(path)
    }
    let display = watching.display(console)
    defer { display.finish() }
    let sides = try VerificationSides(
      subject, against: against, golden: golden, reading.inspection,
      loading: WorkObserver(progress: display.reporter("loading")))
    display.hide()
    console.findings(unused(by: sides.pair))
    let given = try inputs.map { (path) throws(FileError) in
      try InputsFile(path, reading.inspection.archive)
    }
    let wanted = reports.all(page)
    let files = try ReportFile.all(
      wanted, replacing: page.force,
      besides: wanted.isEmpty
        ? [] : sides.keptFiles + (given?.files ?? []) + (texts?.files ?? []))
    let options = Verification.Options(
      engines: engine.engines, file: given, texts: texts, tolerance: tolerance,
      isComplete: complete, graph: graph)
    let result = try Verification.verify(sides, options, observers: { display.observer($0) })
    display.finish()
    console.findings(result.findings)
    // A page alone says what the files are, for which they are read once more.
    let isShown = files.contains { $0.kind == .page }
    let cards = try isShown ? sides.models.map(Self.card) : []
    let report = VerifyReport(result, cards: cards)
    for file in files { try file.write(report.text(file.kind, tool: ToolVersion.writer)) }
    try console.result(report.lines(terminal: console.output), json: report.json)
    return result.passes ? .success : .failed
  }

  /// The warning that some options say nothing of a subject: of one without a graph those of graphs, of a mere
  /// graph those of a model's own passes and parameters.
  private func unused(by pair: VerificationSides.Pair) -> [Finding] {
    let words: [(String, Bool)]
    let what: String
    switch pair {
    case .models(let model, _):
      if model.inspection.archive.graph != nil { return [] }
      (words, what) = ([("--map", !map.isEmpty), ("--budget", budget != nil)], "no graph")
    case .graph, .graphs:
      let isOfPasses = engine == .fast || engine == .reference
      words = [("--engine \(engine.rawValue)", isOfPasses), ("--complete", complete)]
      what = "a graph in which no ALBERT is recognised"
    }
    return SourceOptions.unused(words.filter(\.1).map(\.0), of: subject, what)
  }

  private static func card(_ inspection: Inspection) throws(FileError) -> ModelCard {
    ModelCard(
      inspection, files: try FileFacts.of(inspection.sourceFiles, takesDigests: true))
  }

  /// How the subject's own graph is run.
  private var graph: GraphOptions {
    var options = GraphOptions()
    options.mode = engine.mode
    options.isRequired = engine.isGraph
    options.names = Dictionary(map.map { ($0.output, $0.name) }, uniquingKeysWith: { $1 })
    options.budget = budget ?? 1
    return options
  }
}
