internal import AlbertBytes
internal import Synchronization

/// Two pieces of work that come one after the other, told of as one; those whose parts are told of apart stay
/// so.
final class JoinedPhase: Sendable {
  private let observer: WorkObserver
  private let secondTotal: Int
  private let firstTotal = Mutex(0)

  /// Joins a piece of work whose total it will say itself with one of which `total` is known.
  init(_ observer: WorkObserver, second total: Int) {
    self.observer = observer
    secondTotal = total
  }

  /// The observer of the first piece.
  var first: WorkObserver {
    if observer.tellsParts { return observer }
    return WorkObserver(
      progress: { [self] done, total in
        firstTotal.withLock { $0 = total }
        observer.progress(done, total + secondTotal)
      }, isCancelled: observer.isCancelled)
  }

  /// The observer of the second piece.
  var second: WorkObserver {
    if observer.tellsParts { return observer }
    return WorkObserver(
      progress: { [self] done, total in
        let before = firstTotal.withLock { $0 }
        let share = Double(secondTotal) * Double(done) / Double(max(1, total))
        observer.progress(before + min(secondTotal, Int(share)), before + secondTotal)
      }, isCancelled: observer.isCancelled)
  }
}
