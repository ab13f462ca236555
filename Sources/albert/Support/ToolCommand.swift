import ArgumentParser
import AlbertBytes
import SystemPackage

/// How a command ends, by the contract's exit codes.
enum ExitStatus: Int32 {
  /// Done; for `verify` and `check`: it holds.
  case success = 0
  /// It does not hold.
  case failed = 1
  /// An input cannot be used, or an output cannot be written.
  case unusable = 2
}

/// A subcommand: parses its options, calls the library, prints the result.
protocol ToolCommand: ParsableCommand {
  /// How the result is told, how much is said, and in which colours.
  var speech: ConsoleOptions { get }

  /// The outputs that the user names.
  var outputs: [FilePath?] { get }

  /// What options name beside the sources, read or not: files, or folders of them.
  var namedInputs: [FilePath] { get }

  /// Does the work. A thrown error ends with exit code 2.
  func execute(_ console: Console) throws(FileError) -> ExitStatus
}

extension ToolCommand {
  /// Whether the result is a JSON document.
  var json: Bool { speech.json }

  /// None.
  var outputs: [FilePath?] { [] }

  /// None.
  var namedInputs: [FilePath] { [] }

  /// Throws where an output would take the place of what an option names.
  private func keepInputs() throws(FileError) {
    let outputs = outputs.compactMap { $0.map(OutputArgument.path) }.filter(\.exists)
    guard !outputs.isEmpty else { return }
    let files = namedInputs.flatMap { path in
      let names = path.isFolder ? (try? Folder.names(in: path)) ?? [] : []
      return ([path] + names.map(path.appending)).compactMap { try? SourceFile($0) }
    }
    for output in outputs { try files.refuseOverwriting(output) }
  }

  /// Runs `execute` and turns its end into an exit code.
  func run() throws {
    let isTaken = OutputArgument.useStandardOutput(outputs)
    if isTaken && json {
      throw ValidationError("--json and an output both want standard output: write one to a file")
    }
    let console = Console(isJSON: json, isOutputTaken: isTaken, speech)
    let status: ExitStatus
    do throws(FileError) {
      try keepInputs()
      status = try execute(console)
    } catch {
      // A reader of the output that goes away wants no more of it, nor a word about it.
      if isTaken, case .system(_, let code) = error.problem, Errno(rawValue: code) == .brokenPipe {
        return
      }
      console.failure(error)
      throw ExitCode(
        error.problem == .cancelled ? Interruption.status : ExitStatus.unusable.rawValue)
    }
    if status != .success { throw ExitCode(status.rawValue) }
  }
}
