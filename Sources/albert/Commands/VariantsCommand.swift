import AlbertArchitecture
import ArgumentParser
import AlbertBytes
import AlbertReports

/// `albert variants`: the published models and their counts.
struct VariantsCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "variants",
    abstract: "List the published variants and count their parameters.",
    discussion: """
      Counts are computed from the configs, not looked up.

      EXAMPLES
        albert variants
        albert variants albert-xxlarge-v2
      """)

  @Argument(
    help: "A variant's name; all where none is given.",
    completion: .list(Variant.all.map(\.name)))
  var name: String?

  @Flag(help: "Print the result as a JSON document.")
  var json = false

  @OptionGroup
  var speech: ConsoleOptions

  func validate() throws {
    if let name, Variant.named(name) == nil {
      throw ValidationError(
        "'\(name)' is no published variant; 'albert variants' lists them all")
    }
  }

  func execute(_ console: Console) throws(FileError) -> ExitStatus {
    let report = VariantsReport(name.flatMap(Variant.named).map { [$0] } ?? Variant.all)
    try console.result(report.lines(terminal: console.output), json: report.json)
    return .success
  }
}
