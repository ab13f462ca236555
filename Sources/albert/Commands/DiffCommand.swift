import AlbertArchitecture
import AlbertBytes
import AlbertComparison
import AlbertReports
import AlbertVerification
import ArgumentParser
import SystemPackage

/// `albert diff`: what differs between two checkpoints.
struct DiffCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Say what differs between two checkpoints, without running them.",
    discussion: HelpText.fitted(
      """
      A and B are checkpoints in any supported formats, or configs alone. Parameters are compared \
      number by number whatever each publisher calls them and however it lays them out; so are the \
      config's keys, the tokenizer and the state of training. Element types count, containers do not: \
      an export that kept everything is the same. Where no ALBERT is recognised, tensors are compared \
      by their names. --config, --prefix, --head, --tied and --untied are for whichever side does not say \
      by itself what it is; --adapter is merged into B alone: A is the merged model.

      Nothing is computed, and of native files the digests in their headers are compared instead of \
      their numbers; 'albert check' says whether those digests hold. Whether two models that differ \
      still compute alike is what 'albert verify' says.

      EXAMPLES
        albert diff albert-base.albert exported
        albert diff checkpoint-500 checkpoint-1000 --json
        albert diff before.onnx after.onnx --html diff.html
        albert diff albert_config.json exported

      EXIT CODES
        0  nothing differs
        1  something does
        2  a side cannot be read
      """))

  @Argument(help: "A checkpoint in any supported format.", completion: .file())
  var a: FilePath

  @Argument(help: "The checkpoint that it is compared with.", completion: .file())
  var b: FilePath

  @OptionGroup
  var reading: SourceOptions

  @OptionGroup
  var page: PageOptions

  @OptionGroup
  var watching: ProgressOptions

  @OptionGroup
  var speech: ConsoleOptions

  var outputs: [FilePath?] { [page.html?.path] }

  var namedInputs: [FilePath] { reading.namedInputs }

  func execute(_ console: Console) throws(FileError) -> ExitStatus {
    let sides = try reading.inspection.shared(by: a, and: b)
    let first = try Checkpoint(a, sides.subject)
    let second = try Checkpoint(b, sides.reference)
    if case .config = first.content, case .config = second.content {
      console.findings(reading.unused(of: a, "a config alone, as the other is"))
    }
    console.reading(first.files + second.files)
    let page = try page.file(besides: first.keptFiles + second.keptFiles)
    let display = watching.display(console)
    defer { display.finish() }
    let comparison = try CheckpointComparison(
      first, second, WorkObserver(progress: display.reporter("comparing")))
    display.finish()
    let report = DiffReport(comparison)
    console.findings(comparison.findings)
    if page.isWanted {
      let facts = try FileFacts.of(first.files + second.files, takesDigests: false)
      try page.write(report.html(tool: ToolVersion.writer, files: facts))
    }
    try console.result(
      report.lines(terminal: console.output, showsAll: console.isVerbose), json: report.json)
    return comparison.isSame ? .success : .failed
  }
}
