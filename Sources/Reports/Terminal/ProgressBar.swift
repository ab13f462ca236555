internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A bar on standard error that shows how far long work is; silent unless a person watches.
public final class ProgressBar: Sendable {
  private struct State {
    var shown = -1
    var isDrawn = false
    var begin: ContinuousClock.Instant = .now
  }

  private let label: String
  private let terminal: Terminal
  private let state = Mutex(State())

  /// Work that takes less than this long shows no bar.
  private static let patience: Duration = .milliseconds(250)

  /// A bar for work named by `label`.
  public init(_ label: String, terminal: Terminal = .standardError) {
    self.label = label
    self.terminal = terminal
  }

  /// Draws the bar anew where a percent more is done.
  public func update(_ done: Int, of total: Int) {
    guard terminal.isInteractive, total > 0 else { return }
    let percent = min(100, done * 100 / total)
    state.withLock { state in
      guard percent != state.shown, ContinuousClock.now - state.begin > Self.patience else {
        return
      }
      state.shown = percent
      state.isDrawn = true
      write("\r" + bar(percent))
    }
  }

  /// Removes the bar.
  public func finish() {
    state.withLock { state in
      if state.isDrawn { write("\r\u{1B}[K") }
      state.isDrawn = false
    }
  }

  private func bar(_ percent: Int) -> String {
    let room = max(10, min(40, terminal.width - label.count - 10))
    let full = room * percent / 100
    let drawn =
      String(repeating: "█", count: full) + String(repeating: "░", count: room - full)
    return "\(label) \(terminal.styled(drawn, .cyan)) \(percent)%"
  }

  private func write(_ text: String) {
    let bytes = Array(text.utf8)
    unsafe _ = systemWrite(STDERR_FILENO, bytes, bytes.count)
  }
}

/// `write`, under a name that the method of the class does not hide.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
  unsafe write(descriptor, bytes, count)
}
