import AlbertArchitecture
import ArgumentParser
import AlbertBytes
import AlbertConversion
import AlbertReports
import SystemPackage
import AlbertVerification

/// `albert run`: one forward pass.
struct RunCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a model's forward pass, and write what it computes.",
    discussion: """
      Without --inputs it runs on a short probe of its own. What --output writes is a golden file:
      albert verify holds another export of the model against it.

      EXAMPLES
        albert run model.albert
        albert run model.albert --inputs inputs.npz --output golden.npz --engine reference
      """)

  @Argument(help: "A model in any supported format.", completion: .file())
  var model: FilePath

  @Option(
    help: ArgumentHelp(
      "Inputs (.npz or .safetensors): input_ids, attention_mask, token_type_ids.",
      valueName: "file"), completion: .file(extensions: ["npz", "safetensors"]))
  var inputs: FilePath?

  @Option(
    help: ArgumentHelp(
      "The file to write (.safetensors, else .npz); - is standard output.", valueName: "file"),
    completion: .file(extensions: ["npz", "safetensors"]))
  var output: FilePath?

  @Flag(help: "Compute the attention probabilities too.")
  var allStages = false

  @Option(help: "The forward pass: fast (Float32) or reference (Float64).")
  var engine = Engine.fast

  @Flag(help: "Replace an existing output.")
  var force = false

  @OptionGroup
  var reading: SourceOptions

  @OptionGroup
  var watching: ProgressOptions

  @Flag(help: "Print the result as a JSON document.")
  var json = false

  var outputs: [FilePath?] { [output] }

  func execute(_ console: Console) throws(FileError) -> ExitStatus {
    let display = watching.display
    defer { display.finish() }
    let options = reading.inspection
    let loaded = try LoadedModel(model, options, progress: display.reporter("loading"))
    display.hide()
    console.findings(loaded.findings)
    let recorded = try VerifyCommand.inputs(inputs, options)
    if let output {
      let files = loaded.inspection.sourceFiles + (recorded?.files ?? [])
      try files.refuseOverwriting(OutputArgument.path(output))
    }
    let probe = (inputs: ProbeInputs.short([loaded.model.config]), path: model.string)
    let chosen = recorded.map { (inputs: $0.inputs, path: $0.path) } ?? probe
    let outputs = try ForwardRun.run(
      loaded, chosen.inputs, from: chosen.path, engine: engine, attentions: allStages,
      output: output.map(OutputArgument.path), replacing: force,
      WorkObserver(progress: display.reporter("forward pass", countsBytes: false)))
    display.finish()
    let report = RunReport(
      model: model.string, engine: engine, outputs: outputs, file: output?.string)
    try console.result(report.lines(terminal: console.output), json: report.json)
    return .success
  }
}
