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
  /// Watches a phase of an export.
  func observer(
    _ phase: ExportPhase, isCancelled: @escaping @Sendable () -> Bool
  ) -> WorkObserver {
    switch phase {
    case .converting: WorkObserver(progress: reporter("converting"), isCancelled: isCancelled)
    case .verifying(let phase): observer(phase, isCancelled: isCancelled)
    }
  }

  /// Watches a phase of a verification; each engine's forward passes have a bar of their own.
  func observer(
    _ phase: VerificationPhase, isCancelled: @escaping @Sendable () -> Bool = { false }
  ) -> WorkObserver {
    switch phase {
    case .readingBack, .comparing:
      WorkObserver(progress: reporter(phase.rawValue), isCancelled: isCancelled)
    case .computing:
      WorkObserver(
        isCancelled: isCancelled,
        parts: { [self] engine in
          WorkObserver(
            progress: reporter(
              "forward \(engine)", engine == "graph" ? .items("nodes") : .multiplications),
            isCancelled: isCancelled)
        })
    case .diagnosing:
      WorkObserver(progress: reporter(phase.rawValue, .share), isCancelled: isCancelled)
    }
  }
}
