import ArgumentParser
import Bytes
import Conversion
import Reports
import SystemPackage

/// `albert inspect`: what a checkpoint is, and where its parameters are.
struct InspectCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show what a checkpoint is and where its parameters are.",
    discussion: """
      Reads headers only, whatever the size of the file, unless --stats or --html is given. A
      config alone can be inspected as well.

      EXAMPLES
        albert inspect albert_base/model.ckpt-best
        albert inspect model.safetensors --tensors
        albert inspect model.albert --stats
        albert inspect model.albert --html report.html
        albert inspect albert_config.json --json
      """)

  @Argument(help: "A checkpoint in any supported format.", completion: .file())
  var path: String

  @OptionGroup
  var reading: SourceOptions

  @Flag(help: "List every tensor.")
  var tensors = false

  @Flag(help: "Read the weights: minimum, maximum, mean, deviation, NaN, zeros, distribution.")
  var stats = false

  @Option(
    help: ArgumentHelp("Write a page to look at, for any browser.", valueName: "file"),
    completion: .file(extensions: ["html"]))
  var html: String?

  @Flag(help: "Print the result as a JSON document.")
  var json = false

  func execute(_ console: Console) throws(FileError) -> ExitStatus {
    let report = try makeReport()
    if let html {
      let file = try AtomicFile(FilePath(html), replacing: true)
      try file.write(Array(report.html.utf8))
      try file.commit()
    }
    console.result(
      report.lines(showsTensors: tensors, terminal: console.output), json: report.json)
    return .success
  }

  private func makeReport() throws(FileError) -> InspectReport {
    if path.hasSuffix(".json"), let config = try? ConfigFile.named(FilePath(path)) {
      return InspectReport(config, path: path)
    }
    let inspection = try Inspection.open(FilePath(path), reading.inspection)
    guard stats || html != nil else { return InspectReport(inspection) }
    let bar = ProgressBar("reading")
    let statistics = try SourceStatistics.read(inspection) { done, total in
      bar.update(done, of: total)
    }
    bar.finish()
    return InspectReport(inspection, statistics: statistics)
  }
}
