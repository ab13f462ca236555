import Exporters
import Reports
import Synchronization

/// A progress bar for each phase of an export, one after the other.
final class PhaseBars: Sendable {
  private let current = Mutex<(phase: ExportPhase, bar: ProgressBar)?>(nil)

  /// Shows how far a phase is.
  func update(_ phase: ExportPhase, _ done: Int, of total: Int) {
    let bar = current.withLock { current in
      if let current, current.phase == phase { return current.bar }
      current?.bar.finish()
      let bar = ProgressBar(phase.rawValue)
      current = (phase, bar)
      return bar
    }
    bar.update(done, of: total)
  }

  /// Clears the last bar away.
  func finish() {
    current.withLock { $0?.bar.finish() }
  }
}
