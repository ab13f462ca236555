import ArgumentParser
import Bytes

/// How a command ends, by the contract's exit codes.
enum ExitStatus: Int32 {
  /// Done; for `verify` and `check`: it holds.
  case success = 0
  /// It does not hold.
  case failed = 1
  /// An input cannot be used, or an output cannot be written.
  case unusable = 2
  /// The user gave up on it.
  case interrupted = 130
}

/// A subcommand: parses its options, calls the library, prints the result.
protocol ToolCommand: ParsableCommand {
  /// Whether the result is a JSON document.
  var json: Bool { get }

  /// Does the work. A thrown error ends with exit code 2.
  func execute(_ console: Console) throws(FileError) -> ExitStatus
}

extension ToolCommand {
  /// Runs `execute` and turns its end into an exit code.
  func run() throws {
    let console = Console(isJSON: json)
    let status: ExitStatus
    do throws(FileError) {
      status = try execute(console)
    } catch {
      console.failure(error)
      throw ExitCode(
        (error.problem == .cancelled ? ExitStatus.interrupted : .unusable).rawValue)
    }
    if status != .success { throw ExitCode(status.rawValue) }
  }
}
