#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What happens when the user presses Control-C.
enum Interruption {
  /// Ends with exit code 130.
  ///
  /// Unfinished output has no name yet, so nothing is left behind.
  static func install() {
    _ = signal(SIGINT) { _ in _exit(130) }
  }
}
