import ArgumentParser
import AlbertBytes
import AlbertReading
import AlbertReports
import SystemPackage

/// `albert inspect`: what a checkpoint is, and where its parameters are.
struct InspectCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show what a checkpoint is and where its parameters are.",
    discussion: HelpText.fitted(
      """
      Reads headers only, whatever the size of the file, unless --stats or --html is given. A \
      config alone, or a folder that holds nothing else, can be inspected as well. ORG/NAME is \
      looked for in the local cache of the Hugging Face Hub; nothing is ever downloaded. The page of an \
      ONNX or TensorFlow Lite file draws its graph.

      EXAMPLES
        albert inspect albert_base/model.ckpt-best
        albert inspect model.safetensors --tensors
        albert inspect model.albert --stats
        albert inspect model.albert --html report.html
        albert inspect albert_config.json --json
      """))

  @Argument(help: "A checkpoint in any supported format.", completion: .file())
  var path: FilePath

  @OptionGroup
  var reading: SourceOptions

  @Flag(help: "List every tensor.")
  var tensors = false

  @Flag(help: "Read the weights: minimum, maximum, mean, deviation, NaN, zeros, distribution.")
  var stats = false

  @OptionGroup
  var page: PageOptions

  @OptionGroup
  var watching: ProgressOptions

  @OptionGroup
  var speech: ConsoleOptions

  var outputs: [FilePath?] { [page.html?.path] }

  var namedInputs: [FilePath] { reading.namedInputs }

  func execute(_ console: Console) throws(FileError) -> ExitStatus {
    if let config = try ConfigFile.alone(at: path) {
      console.findings(
        reading.unused(of: path, "a config alone", besides: stats ? ["--stats"] : []))
      let page = try page.file(besides: [config.file])
      return try show(InspectReport(config, path: path.string), [config.file], page, console)
    }
    let inspection = try Inspection.open(path, reading.inspection)
    let page = try page.file(besides: inspection.keptFiles)
    let files = inspection.sourceFiles
    console.reading(files)
    guard stats || page.isWanted else {
      return try show(InspectReport(inspection), files, page, console)
    }
    let display = watching.display(console)
    defer { display.finish() }
    let statistics = try SourceStatistics.read(inspection, progress: display.reporter("reading"))
    display.finish()
    let fold = page.isWanted ? try GraphFold(inspection) : nil
    return try show(
      InspectReport(inspection, statistics: statistics, fold: fold), files, page, console)
  }

  private func show(
    _ report: InspectReport, _ files: [SourceFile], _ page: PageFile, _ console: Console
  ) throws(FileError) -> ExitStatus {
    if page.isWanted {
      let facts = try FileFacts.of(files, takesDigests: true)
      try page.write(report.html(tool: ToolVersion.writer, files: facts))
    }
    try console.result(
      report.lines(showsTensors: tensors, terminal: console.output), json: report.json)
    return .success
  }
}
