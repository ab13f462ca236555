internal import AlbertBytes
internal import Synchronization

/// Two series of passes that come one after the other, told of as one; those whose parts are told of apart, part
/// by part.
final class JoinedPhase: Sendable {
  private let observer: WorkObserver
  /// What the second series will count, part by part.
  private let rest: [String: Int]
  private let begun = Mutex<[String: Int]>([:])

  /// Joins passes whose totals they will say themselves with others of which the costs are known.
  init(_ observer: WorkObserver, second costs: [PassSeries.Cost]) {
    self.observer = observer
    rest = PassSeries.totals(costs, observer)
  }

  /// The observer of the first series.
  var first: WorkObserver {
    joined { [self] part, own, rest in
      { done, total in
        self.begun.withLock { $0[part] = total }
        own.progress(done, total + rest)
      }
    }
  }

  /// The observer of the second series.
  var second: WorkObserver {
    joined { [self] part, own, rest in
      { done, total in
        let before = self.begun.withLock { $0[part] ?? 0 }
        let share = Double(rest) * Double(done) / Double(max(1, total))
        own.progress(before + min(rest, Int(share)), before + rest)
      }
    }
  }

  private typealias Progress = @Sendable (_ done: Int, _ total: Int) -> Void

  /// What watches a series; a part of which the other one has nothing is told of as it is.
  private func joined(
    _ progress: @escaping @Sendable (_ part: String, _ own: WorkObserver, _ rest: Int) -> Progress
  ) -> WorkObserver {
    let (observer, rest) = (observer, rest)
    @Sendable func watching(_ part: String, _ own: WorkObserver) -> WorkObserver {
      guard let rest = rest[part] else { return own }
      return WorkObserver(progress: progress(part, own, rest), isCancelled: own.isCancelled)
    }
    guard observer.tellsParts else { return watching(PassSeries.whole, observer) }
    return WorkObserver(isCancelled: observer.isCancelled) { watching($0, observer.part($0)) }
  }
}
