internal import AlbertBytes
internal import AlbertPlatform
internal import Synchronization

/// How long work shows how far it is.
package enum ProgressStyle: String, CaseIterable, Sendable {
  /// A bar that is drawn anew, on a terminal alone.
  case bar
  /// A line every ten seconds, for logs.
  case plain
  /// Nothing.
  case none
}

/// What the progress of a phase counts, and so its pace.
package enum ProgressUnit: Equatable, Sendable {
  case bytes
  /// Thousands of multiplications.
  case multiplications
  /// Things by their name.
  case items(String)
  /// A share of the whole that has no pace.
  case share
}

/// Shows on standard error how far long work is, phase after phase.
package final class ProgressDisplay: Sendable {
  private struct State {
    var progress: PhaseProgress?
    var begin: ContinuousClock.Instant = .now
    /// When the bar was last drawn; nil where none stands there.
    var drawn: ContinuousClock.Instant?
    var isFinished = false
    /// How long each phase took, in their order.
    var phases: [PhaseProgress] = []
  }

  private let style: ProgressStyle
  private let terminal: Terminal
  private let tellsPhases: Bool
  private let state = Mutex(State())

  /// Work that takes less than this long shows no bar.
  private static let patience: Duration = .milliseconds(250)
  /// The time between two drawings, and between two lines.
  private static let pause: Duration = .milliseconds(100)
  private static let linePause: UInt32 = 10

  /// A display of the given style; one that tells phases says at the end how long each took.
  package init(_ style: ProgressStyle, terminal: Terminal, tellsPhases: Bool = false) {
    self.style = style == .bar && !terminal.isInteractive ? .none : style
    self.terminal = terminal
    self.tellsPhases = tellsPhases
    if style == .plain { printLines() }
  }

  /// Takes in how far a phase is; any thread may call it.
  package func update(_ label: String, _ done: Int, of total: Int, _ unit: ProgressUnit) {
    guard style != .none || tellsPhases, total > 0 else { return }
    state.withLock { state in
      let now = ContinuousClock.now
      if state.progress?.label != label {
        endPhase(&state)
        // A phase that goes on behind another one has taken its time already.
        let before = state.phases.first { $0.label == label }?.elapsed ?? .zero
        state.begin = now - before
      }
      let progress = PhaseProgress(
        label: label, done: min(done, total), total: total, unit: unit,
        elapsed: now - state.begin)
      state.progress = progress
      guard style == .bar, progress.elapsed > Self.patience else { return }
      if let drawn = state.drawn, now - drawn < Self.pause { return }
      state.drawn = now
      write("\r\u{1B}[K" + progress.bar(terminal))
    }
  }

  /// What reports the progress of one phase.
  package func reporter(
    _ label: String, _ unit: ProgressUnit = .bytes
  ) -> @Sendable (_ done: Int, _ total: Int) -> Void {
    { [self] done, total in update(label, done, of: total, unit) }
  }

  /// Shows nothing more, and removes the bar.
  package func finish() {
    hide()
    let phases = state.withLock { state in
      defer { state.phases = [] }
      state.isFinished = true
      return state.phases
    }
    for phase in phases where tellsPhases { write("albert: \(phase.summary)\n") }
  }

  /// Removes the bar, so that something else can be printed; the next phase shows one again.
  package func hide() {
    state.withLock { state in
      endPhase(&state)
      state.progress = nil
    }
  }

  /// Removes the bar of the phase that ends, and remembers the phase.
  private func endPhase(_ state: inout State) {
    clear(&state)
    guard let progress = state.progress else { return }
    if let index = state.phases.firstIndex(where: { $0.label == progress.label }) {
      state.phases[index] = progress
    } else {
      state.phases.append(progress)
    }
  }

  private func clear(_ state: inout State) {
    if state.drawn != nil { write("\r\u{1B}[K") }
    state.drawn = nil
  }

  /// Lines come by the clock: some steps take longer than the time between two lines.
  private func printLines() {
    Machine.detach { [weak self] in
      repeat { sleep(Self.linePause) } while self?.printLine() ?? false
    }
  }

  /// Prints how far the work is; false where it is finished.
  private func printLine() -> Bool {
    state.withLock { state in
      if var progress = state.progress {
        progress.elapsed = .now - state.begin
        write("albert: \(progress.line)\n")
      }
      return !state.isFinished
    }
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
