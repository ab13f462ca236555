import AlbertBytes
import AlbertReports
import ArgumentParser
import SystemPackage

/// The options of a command that writes reports of several kinds.
struct ReportOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Write a report too, its kind by its ending: .xml (JUnit), .md (Markdown), .json, .html; "
        + "repeatable.", valueName: "file"),
    completion: .file(extensions: ReportKind.allCases.map(\.rawValue)))
  var report: [OutputPath] = []

  func validate() throws {
    for path in report where ReportKind(ending: path.path.string) == nil {
      throw ValidationError(
        "the ending of '\(ByteText.repaired(path.path.string))' says no kind of report; it is one of "
          + ReportKind.allCases.map { ".\($0.rawValue)" }.joined(separator: ", "))
    }
    let paths = report.map(\.path)
    if let path = paths.first(where: { path in paths.count { $0 == path } > 1 }) {
      throw ValidationError("two reports would go to '\(ByteText.repaired(path.string))'")
    }
  }

  /// The reports, and the page of `--html` where there is one.
  func all(_ page: PageOptions) -> [(path: OutputPath, kind: ReportKind)] {
    (page.html.map { [($0, .page)] } ?? [])
      + report.compactMap { path in
        ReportKind(ending: path.path.string).map { (path, $0) }
      }
  }
}
