import AlbertArchitecture
import ArgumentParser
import AlbertBytes
import AlbertConversion
import AlbertReports
import SystemPackage
import AlbertVerification

/// `albert verify`: a model against another one, or against recorded outputs.
struct VerifyCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Prove that a model computes what it should, or say why it does not.",
    discussion: """
      SUBJECT and REFERENCE are models in any supported format; a golden file holds outputs that were
      recorded elsewhere (albert run --output records one). At least one of the two is needed.
      --config, --prefix, --head, --tied and --untied are for whichever model does not say by itself
      what it is.

      Where the two differ, known defects are tried: parameters that are swapped, transposed, negated,
      zero, scaled or rounded, heads or rows in another order, another activation or epsilon, and more.
      What explains the difference is named by a code and its parameter; where nothing does, nothing is.

      EXAMPLES
        albert verify model.albert --against albert_base/model.ckpt-best
        albert verify model.albert --golden golden.npz
        albert verify model.onnx --against model.albert --html report.html
      """)

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
      "Inputs (.npz or .safetensors) instead of the golden file's or the probes.",
      valueName: "file"), completion: .file(extensions: ["npz", "safetensors"]))
  var inputs: FilePath?

  @Option(help: "The subject's forward passes: both, reference (Float64) or fast (Float32).")
  var engine = Engines.both

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

  @Flag(help: "Print the result as a JSON document.")
  var json = false

  @Option(
    help: ArgumentHelp(
      "Write a page to look at, for any browser; - is standard output.", valueName: "file"),
    completion: .file(extensions: ["html"]))
  var html: OutputPath?

  @Flag(help: "Replace what stands where the page goes; another page needs no such word.")
  var force = false

  var outputs: [FilePath?] { [html?.path] }

  func validate() throws {
    if against == nil && golden == nil {
      throw ValidationError("name what to verify against: --against, --golden, or both")
    }
    if let tolerance, !(tolerance >= 0) {
      throw ValidationError("--tolerance \(tolerance) is no number from 0 up")
    }
  }

  func execute(_ console: Console) throws(FileError) -> ExitStatus {
    let options = reading.inspection
    let recorded: RecordedFile?
    if let golden {
      recorded = try RecordedFile(golden, options.archive)
    } else {
      recorded = nil
    }
    let sides = against.map { Verification.share(options, subject, $0) }
    let display = watching.display
    defer { display.finish() }
    let model = try load(subject, sides?.subject ?? options, display)
    let reference = try against.map { (path) throws(FileError) in
      try load(path, sides?.reference ?? options, display)
    }
    let given = try inputs.map { (path) throws(FileError) in
      try InputsFile(path, options.archive)
    }
    let page = try PageFile(
      html, replacing: force,
      besides: model.inspection.sourceFiles + (reference?.inspection.sourceFiles ?? [])
        + (recorded?.files ?? []) + (given?.files ?? []))
    let result = try Verification.verify(
      model, against: reference, golden: recorded,
      Verification.Options(
        engines: engine, inputs: given?.inputs, from: given?.path ?? "", tolerance: tolerance,
        isComplete: complete),
      observers: { display.observer($0) })
    display.finish()
    console.findings(result.findings)
    let report = VerifyReport(result)
    try page.write(report.html)
    try console.result(report.lines(terminal: console.output), json: report.json)
    return result.passes ? .success : .failed
  }

  private func load(
    _ path: FilePath, _ options: InspectionOptions, _ display: ProgressDisplay
  ) throws(FileError) -> LoadedModel {
    try LoadedModel(path, options, progress: display.reporter("loading"))
  }
}
