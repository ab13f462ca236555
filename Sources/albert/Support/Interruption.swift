import AlbertBytes
import AlbertPlatform
import CAlbertPlatform
import Synchronization

/// What happens when the tool is told to end: by Control-C, `kill`, or a terminal that goes away.
///
/// Work that asks `isRequested` ends by itself and clears away behind it; it has a second for that.
/// After that, and with all other work at once, what is unfinished is removed, and the process ends with
/// 128 and the signal's number. A second signal ends the waiting.
enum Interruption {
  private static let isAwaited = Atomic<Bool>(false)
  private static let signal = Atomic<Int32>(0)

  /// Milliseconds that work has to end by itself.
  private static let patience: Int32 = 1000

  /// Whether somebody wants the work to end.
  static var isRequested: Bool { signal.load(ordering: .relaxed) != 0 }

  /// The exit code of a process that was told to end.
  static var status: Int32 {
    let number = signal.load(ordering: .relaxed)
    return 128 + (number == 0 ? SIGINT : number)
  }

  /// Answers signals from now on.
  static func install() {
    albertkit_answer_signals { number in
      let isFirst = !Interruption.isRequested
      Interruption.signal.store(number, ordering: .relaxed)
      if isFirst && Interruption.isAwaited.load(ordering: .relaxed) {
        return Interruption.patience
      }
      Unfinished.removeAll { _exit(128 + number) }
    }
  }

  /// Says that somebody asks `isRequested` from now on.
  static func waitForTheEnd() {
    isAwaited.store(true, ordering: .relaxed)
  }
}
