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
      Reads headers only, whatever the size of the file.

      EXAMPLES
        albert inspect albert_base/model.ckpt-best
        albert inspect model.safetensors --tensors
        albert inspect model.albert --json
      """)

  @Argument(help: "A checkpoint in any supported format.", completion: .file())
  var path: String

  @OptionGroup
  var reading: SourceOptions

  @Flag(help: "List every tensor.")
  var tensors = false

  @Flag(help: "Print the result as a JSON document.")
  var json = false

  func execute(_ console: Console) throws(FileError) -> ExitStatus {
    let inspection = try Inspection.open(FilePath(path), reading.inspection)
    let report = InspectReport(inspection, showsTensors: tensors)
    console.result(report.lines(terminal: console.output), json: report.json)
    return .success
  }
}
