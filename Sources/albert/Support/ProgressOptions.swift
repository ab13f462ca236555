import ArgumentParser
import AlbertBytes
import AlbertExporters
import AlbertReports
import AlbertVerification

/// The option of every command whose work may take long.
struct ProgressOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How far long work is, on standard error: bar (on a terminal), plain (a line every 10 s), none.",
      valueName: "style"))
  var progress = ProgressStyle.bar

  /// A display of the style that was asked for.
  func display(_ console: Console) -> ProgressDisplay {
    ProgressDisplay(
      console.isQuiet ? .none : progress, terminal: console.error,
      tellsPhases: console.isVerbose)
  }
}

extension ProgressStyle: ExpressibleByArgument {}

extension ProgressDisplay {
  /// Takes in how far a phase of an export is.
  func update(_ phase: ExportPhase, _ done: Int, of total: Int) {
    switch phase {
    case .converting: update("converting", done, of: total, countsBytes: true)
    case .verifying(let phase):
      update(phase.rawValue, done, of: total, countsBytes: phase.countsBytes)
    }
  }

  /// Watches a phase of a verification.
  func observer(_ phase: VerificationPhase) -> WorkObserver {
    WorkObserver(progress: reporter(phase.rawValue, countsBytes: phase.countsBytes))
  }
}
