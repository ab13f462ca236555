import ArgumentParser
import AlbertBytes
import AlbertConversion
import AlbertReading
import AlbertExporters
import AlbertReports
import SystemPackage

/// `albert convert`: a checkpoint of any format becomes a verified one of another.
struct ConvertCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Convert a checkpoint, then verify what was written.",
    discussion: HelpText.fitted(
      """
      SOURCE is a file, a folder, a TensorFlow prefix, an index or one shard. \
      The output's ending decides the format where --to does not; a slash at its \
      end means a folder. The output appears whole or not at all, and ends with a verification unless \
      --no-verify is given: every tensor is read back, the forward pass runs, and \
      where numbers were rounded a report says how much was lost.

      With --from-list each source of a list is converted in a process of its own, several at a time, and \
      what fails stops no other. An output that is there already is a finished one and left, so that the \
      same command goes on where it was interrupted; --force makes all anew.

      FORMATS
      \(formatList)

      EXAMPLES
        albert convert albert_base/model.ckpt-best albert-base.albert
        albert convert albert-base.albert exported --to huggingface
        albert convert albert-base.albert base.onnx --dtype i8 --max-error 1
        albert convert albert_base albert-base.albert --dry-run
        albert convert --from-list sources.txt --into converted --jobs 4

      EXIT CODES
        0  written and verified; of a list: all that it names is there
        1  what was written did not pass its verification, and has no name;
           of a list: a conversion did not succeed, and the others are done
      """))

  @Argument(help: "A checkpoint in any supported format.", completion: .file())
  var source: FilePath?

  @Argument(
    help: "The file or folder to write; with --to and one file also - for standard output.",
    completion: .file())
  var output: OutputPath?

  @OptionGroup
  var list: ListOptions

  @Option(
    help: ArgumentHelp(
      "The format; without it the output's ending decides.", valueName: "format"),
    completion: .list(ExportRegistry.formats.map { $0.name }), transform: exportFormat)
  var to: ExportFormat?

  @OptionGroup
  var reading: SourceOptions

  @Option(
    help: ArgumentHelp(
      "The element type: \(typeNames.joined(separator: ", ")).", valueName: "type"),
    completion: .list(typeNames), transform: outputType)
  var dtype = OutputType.keep

  @Option(
    help: ArgumentHelp(
      "The largest absolute error, of a tensor or a stage, that rounding may cost.",
      valueName: "x"))
  var maxError: Double?

  @Flag(help: "Write what the format cannot say exactly, and report it as changed.")
  var allowInexact = false

  @Flag(help: "Make up parts that the format demands and the source lacks, as in a new model.")
  var initializeMissing = false

  @Flag(help: "Keep an ONNX model's tensors in a file of their own.")
  var externalData = false

  @Flag(
    inversion: .prefixedNo,
    help: "Take the tokenizer's files along, into a folder or a native file's header.")
  var tokenizer = true

  @Flag(help: "Show what would be done, and write nothing.")
  var dryRun = false

  @Flag(help: "Replace an existing output.")
  var force = false

  @Flag(inversion: .prefixedNo, help: "Verify what was written.")
  var verify = true

  @OptionGroup
  var watching: ProgressOptions

  @OptionGroup
  var speech: ConsoleOptions

  var outputs: [FilePath?] { dryRun ? [] : [output?.path] }

  var namedInputs: [FilePath] { reading.namedInputs }

  func validate() throws {
    if let maxError, !(maxError >= 0) {
      throw ValidationError("--max-error \(maxError) is no number from 0 up")
    }
    if maxError != nil && !verify {
      throw ValidationError("--max-error needs the verification that --no-verify leaves out")
    }
    guard list.fromList == nil else { return try validateList() }
    guard source != nil, let output else {
      throw ValidationError("name a source and an output, or a list of sources with --from-list")
    }
    if output.path.isEmpty { throw ValidationError("the output's path is empty") }
    if output.path == "-" && to == nil {
      throw ValidationError("standard output has no ending: name the format with --to")
    }
  }

  private func validateList() throws {
    if source != nil { throw ValidationError("--from-list names the sources: leave out others") }
    if dryRun { throw ValidationError("--dry-run shows one conversion, not those of a list") }
  }

  func execute(_ console: Console) throws(FileError) -> ExitStatus {
    if let file = list.fromList, let folder = list.into {
      return try convertList(file, into: folder, console)
    }
    guard let source, let output else { return .unusable }
    return try convert(source, to: output, console)
  }

  /// Converts one source.
  private func convert(
    _ source: FilePath, to output: OutputPath, _ console: Console
  ) throws(FileError) -> ExitStatus {
    let clock = ContinuousClock()
    let begin = clock.now
    let path = OutputArgument.path(output.path)
    let inspection = try Inspection.open(source, options.reading(reading.inspection, for: path))
    console.findings(inspection.findings)
    let plan = try ExportPlan(inspection, to: path, options)
    if externalData && plan.format != .onnx {
      throw FileError(
        path.string,
        .inexpressible("\(plan.format.title) cannot keep its tensors in a file of their own"),
        remedy: "leave out --external-data, or name an ONNX model")
    }
    if dryRun {
      let report = ConvertReport(plan)
      console.findings(plan.ownFindings)
      try console.result(
        report.lines(terminal: console.output) + [""] + report.planLines(terminal: console.output),
        json: report.json)
      return .success
    }
    Interruption.waitForTheEnd()
    let display = watching.display(console)
    defer { display.finish() }
    let outcome = try plan.run(
      observers: { display.observer($0, isCancelled: { Interruption.isRequested }) })
    display.finish()
    console.findings(outcome.findings)
    let report = ConvertReport(plan, outcome: outcome, duration: clock.now - begin)
    try console.result(report.lines(terminal: console.output), json: report.json)
    console.note(report.complaints(terminal: console.error))
    return outcome.succeeded ? .success : .failed
  }

  private var options: ExportOptions {
    var options = ExportOptions()
    options.format = to
    options.writesFolder = output?.isFolder ?? false
    options.type = dtype
    options.allowsInexact = allowInexact
    options.initializesMissing = initializeMissing
    options.replacesExisting = force
    options.verifies = verify
    options.maxError = maxError
    options.keepsDataApart = externalData
    options.carriesTokenizer = tokenizer
    options.archive = reading.inspection.archive
    options.tool = ToolVersion.writer
    return options
  }
}

/// What `--to` takes, one line each.
private let formatList = ExportRegistry.formats.map { format in
  let name = format.name + String(repeating: " ", count: max(1, 15 - format.name.count))
  let endings = format.claimsEndings ? " (\(format.endings.joined(separator: ", ")))" : ""
  return "  \(name)\(format.title)\(endings)"
}.joined(separator: "\n")

private let typeNames = OutputType.allCases.map(\.rawValue)

/// The format that a word of `--to` names.
private func exportFormat(_ word: String) throws -> ExportFormat {
  if let format = ExportFormat(named: word) { return format }
  let known = ExportRegistry.formats.map { $0.name }.joined(separator: ", ")
  throw ValidationError("'\(word)' is no format; it is one of \(known)")
}

/// The type that a word of `--dtype` names.
private func outputType(_ word: String) throws -> OutputType {
  guard let type = OutputType(rawValue: word) else {
    throw ValidationError(
      "'\(word)' is no element type; it is one of \(typeNames.joined(separator: ", "))")
  }
  return type
}
