import AlbertBytes
import AlbertExporters
import AlbertFleet
import AlbertReports
import SystemPackage

extension ConvertCommand {
  /// Converts what a list names.
  func convertList(
    _ list: FilePath, into folder: FilePath, _ console: Console
  ) throws(FileError) -> ExitStatus {
    let lines = list == "-" ? try StandardInput.rawLines() : try Self.lines(of: list)
    let jobs = try JobList(lines, list: list.string, into: folder, ending: ending)
    guard let program = Executable.path else {
      throw FileError(
        "albert", .missing("the program's own file, which converts each source"),
        remedy: "run it by its path")
    }
    do throws(Errno) {
      try FileSystemCalls.current.makeFolder(folder)
    } catch {
      guard error == .fileExists else {
        throw FileError(
          folder.string, .system(operation: "make the folder", errno: error.rawValue))
      }
      guard folder.isFolder else {
        throw FileError(
          folder.string, .wrongKind(expected: "a folder", found: "a file"),
          remedy: "name a folder with --into")
      }
    }
    if force { try jobs.refuseOverwriting(list) }
    Interruption.waitForTheEnd()
    let display = watching.display(console)
    defer { display.finish() }
    let run = JobRun(program, Self.arguments, replaces: force)
    let outcomes = try run.run(
      jobs, atOnce: self.list.jobs ?? Machine.cores,
      WorkObserver(
        progress: display.reporter("conversions", .items("conversions")),
        isCancelled: { Interruption.isRequested }))
    display.finish()
    let report = ConvertListReport(into: folder.string, outcomes)
    try console.result(report.lines(terminal: console.output), json: report.json)
    return report.succeeded ? .success : .failed
  }

  /// What an output is called behind its source's name.
  private var ending: String {
    let format = (to ?? .native).type
    return format.writesFolder ? "" : format.endings.first ?? ""
  }

  private static func lines(of path: FilePath) throws(FileError) -> [ArraySlice<UInt8>] {
    let file = try SourceFile(path)
    return try file.bytes(at: 0, count: file.size, what: "the list").lines
  }

  /// This command as each conversion of its own is started: without what concerns the list.
  private static var arguments: [[UInt8]] {
    var kept: [[UInt8]] = [Array("convert".utf8), Array("--json".utf8)]
    var isValue = false
    for argument in Arguments.all.dropFirst(2) {
      if isValue {
        isValue = false
        continue
      }
      let text = String(decoding: argument, as: UTF8.self)
      if ListOptions.names.contains(text) {
        isValue = true
      } else if !ListOptions.names.contains(where: { text.hasPrefix($0 + "=") }) {
        kept.append(argument)
      }
    }
    return kept
  }
}
