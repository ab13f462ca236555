internal import Synchronization

/// How much of a work is done that several threads share.
package final class WorkTally: Sendable {
  private let done = Mutex(0)
  private let total: Int
  private let progress: @Sendable (_ done: Int, _ total: Int) -> Void

  /// A work of which nothing is done yet; `progress` is told of each part that is.
  package init(
    of total: Int, _ progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void
  ) {
    self.total = total
    self.progress = progress
  }

  /// Counts a part that was done.
  ///
  /// One thread at a time tells of it, so that what is told never falls and ends with the whole.
  package func add(_ count: Int) {
    done.withLock { done in
      done += count
      progress(done, total)
    }
  }
}
