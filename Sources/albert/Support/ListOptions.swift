import AlbertBytes
import ArgumentParser
import SystemPackage

/// The options that convert what a list names, each source by the command's other options.
struct ListOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Convert the sources that a file lists, one a line (and behind a tabulator the output's name), "
        + "instead of one; - is standard input.", valueName: "file"), completion: .file())
  var fromList: FilePath?

  @Option(
    help: ArgumentHelp("With --from-list: the folder for the outputs.", valueName: "dir"),
    completion: .directory)
  var into: FilePath?

  @Option(
    help: ArgumentHelp(
      "With --from-list: how many are converted at a time (default: one for each core).",
      valueName: "n"))
  var jobs: Int?

  func validate() throws {
    if (fromList == nil) != (into == nil) {
      throw ValidationError("--from-list and --into belong together")
    }
    if jobs != nil && fromList == nil { throw ValidationError("--jobs goes with --from-list") }
    if let jobs, !(1...1024).contains(jobs) {
      throw ValidationError("--jobs \(jobs) is no number from 1 to 1024")
    }
  }

  /// The options of this group by their names, which each conversion of its own is not given.
  static let names = ["--from-list", "--into", "--jobs"]
}
