import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What happens when the user presses Control-C.
///
/// Most commands end at once: unfinished files have no name yet, so nothing is left behind. Work that
/// makes a folder is asked to end instead, so that it can clear away; it has a second for that.
enum Interruption {
  private static let isAwaited = Atomic<Bool>(false)
  private static let wasRequested = Atomic<Bool>(false)

  /// Whether the user wants the work to end.
  static var isRequested: Bool { wasRequested.load(ordering: .relaxed) }

  /// Ends with exit code 130 from now on.
  static func install() {
    _ = signal(SIGINT) { _ in
      if Interruption.isAwaited.load(ordering: .relaxed),
        !Interruption.wasRequested.exchange(true, ordering: .relaxed)
      {
        _ = alarm(1)
      } else {
        _exit(130)
      }
    }
    _ = signal(SIGALRM) { _ in _exit(130) }
  }

  /// Says that somebody asks `isRequested` from now on.
  static func waitForTheEnd() {
    isAwaited.store(true, ordering: .relaxed)
  }
}
