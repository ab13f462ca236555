import AlbertBytes
import AlbertFleet
import AlbertReports
import ArgumentParser
import SystemPackage

/// `albert survey`: every model below a folder.
struct SurveyCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "survey",
    abstract: "List every model below a folder, as rows for a table or a database.",
    discussion: HelpText.fitted(
      """
      Goes into all folders below DIR, a cache of the Hugging Face Hub included, reads the headers of each \
      model, and goes on after those that cannot be read: their rows say why. A folder that holds one \
      model in several forms is one row. Links to folders are not followed.

      With --into the rows are written when all are there; until then a journal beside the file holds \
      those that are finished, so that the same command goes on where it was interrupted, and reads only \
      what has changed. The file's ending gives the format.

      FORMATS
        csv     a line each, names of columns first (.csv)
        jsonl   a JSON object on each line (.jsonl)
        sqlite  a database with the table models (.sqlite, .db)

      EXAMPLES
        albert survey models
        albert survey models --format jsonl
        albert survey ~/.cache/huggingface/hub --into models.csv
        albert survey models --into models.sqlite
      """))

  @Argument(help: "A folder.", completion: .directory)
  var dir: FilePath

  @Option(
    help: ArgumentHelp(
      "The rows' format; without it, and without --into, a table to read.", valueName: "format"),
    completion: .list(SurveyFormat.allCases.map(\.rawValue)))
  var format: SurveyFormat?

  @Option(
    help: ArgumentHelp("The file to write; - is standard output.", valueName: "file"),
    completion: .file(extensions: ["csv", "jsonl", "sqlite"]))
  var into: OutputPath?

  @Flag(help: "Replace an existing file.")
  var force = false

  @Flag(help: "Refuse to parse HDF5 where the worker process cannot be confined.")
  var requireSandbox = false

  @OptionGroup
  var watching: ProgressOptions

  @OptionGroup
  var speech: ConsoleOptions

  /// What is written, and in which format.
  private var output: (path: FilePath, format: SurveyFormat)? {
    let path = into?.path ?? (format == nil ? nil : "-")
    guard let path, let format = format ?? SurveyFormat(ending: path) else { return nil }
    return (path, format)
  }

  var outputs: [FilePath?] { [output?.path] }

  func validate() throws {
    if let into, output == nil {
      throw ValidationError(
        "the ending of '\(into.path)' names no format: give one with --format")
    }
    if json && into == nil && format != nil {
      throw ValidationError("--json and --format both want standard output: write one with --into")
    }
  }

  func execute(_ console: Console) throws(FileError) -> ExitStatus {
    if format == .sqlite, into == nil, console.output.isInteractive {
      throw FileError(
        "-", .unsupported("a database on a terminal"), remedy: "name a file with --into")
    }
    var place: OutputPlace?
    var file: AtomicFile?
    if let output {
      if let into { _ = try into.file(for: "a table") }
      place = try OutputArgument.place(output.path)
      file = try place.map { (place) throws(FileError) in
        try AtomicFile(at: place, replacing: force)
      }
    }
    let display = watching.display(console)
    defer { display.finish() }
    let target = place.flatMap { $0.isStream ? nil : $0.target }
    let survey = try Survey(
      dir, SourceOptions.inspection(requireSandbox: requireSandbox), output: target, word: \.option)
    // Only now, so that a survey of what is not there leaves none.
    let journal = try target.map { (target) throws(FileError) in
      try Journal(
        target.appending(suffix: ".journal"), of: "survey of \(dir.string)")
    }
    let rows = try survey.rows(
      journal, WorkObserver(progress: display.reporter("models", .items("models"))))
    display.finish()
    if let output, let file {
      try file.write(try output.format.bytes(rows))
      try file.commit()
      try journal?.remove()
    }
    let report = SurveyReport(root: dir.string, rows: rows, file: output?.path.string)
    try console.result(report.lines(terminal: console.output), json: report.json)
    return .success
  }
}

extension SurveyFormat: ExpressibleByArgument {}
