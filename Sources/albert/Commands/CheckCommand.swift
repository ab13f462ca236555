import AlbertArchives
import ArgumentParser
import AlbertBytes
import AlbertNativeFormat
import AlbertReports
import SystemPackage

/// `albert check`: every digest of a native file.
struct CheckCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Verify every digest of a native file.",
    discussion: HelpText.fitted(
      """
      Reads the whole file. A single flipped bit anywhere is found, and named by its tensor.

      EXAMPLE
        albert check model.albert

      EXIT CODES
        0  every digest holds
        1  one does not; its tensor is named
      """))

  @Argument(help: "A native file (.albert).", completion: .file(extensions: ["albert"]))
  var file: FilePath

  @OptionGroup
  var watching: ProgressOptions

  @OptionGroup
  var speech: ConsoleOptions

  func execute(_ console: Console) throws(FileError) -> ExitStatus {
    let model = try open()
    let places = model.header.layout.places
    let total = model.header.layout.byteCount
    let display = watching.display(console)
    defer { display.finish() }
    let failures = try model.check(WorkObserver(progress: display.reporter("checking")))
    display.finish()
    let report = CheckReport(
      path: file.string, tensors: places.count, byteCount: total, failures: failures)
    try console.result(report.lines(terminal: console.output), json: report.json)
    return report.holds ? .success : .failed
  }

  /// The native file; of a whole file of another kind the error says what it is.
  private func open() throws(FileError) -> NativeModel {
    do throws(FileError) {
      return try NativeModel(file)
    } catch {
      guard let archive = try? ArchiveRegistry.open(file),
        archive.metadata[NativeProfile.Key.profile.rawValue] == nil
      else {
        // JSON text may be a checkpoint's, so that it is none beyond doubt here alone.
        if file.extension == "json" { _ = try ArchiveRegistry.locate(file) }
        if file.isFolder {
          throw FileError(
            error.path, error.problem, remedy: "name the native file (.albert) itself")
        }
        throw ArchiveRegistry.plainError(of: file) ?? error
      }
      throw FileError(
        file.string,
        .rejected(
          code: "not-native",
          message: "this is no native file (its format is \(archive.format)), so that it states no "
            + "digests to check"),
        remedy:
          "look at it with 'albert inspect', or make a native file of it with 'albert convert', "
          + "whose digests can be checked")
    }
  }
}
