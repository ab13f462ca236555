package import AlbertBytes
internal import Synchronization

/// Watches one forward pass for its caller: counts its steps, and asks whether to go on.
///
/// Once the caller gave up it stays so, whatever the next answer would be: threads that were told to
/// leave their part of the work out must not be followed by one that goes on with it.
package final class PassObserver: Sendable {
  private let observer: WorkObserver
  private let steps: Int
  private let done = Atomic<Int>(0)
  private let wasCancelled = Atomic<Bool>(false)

  /// Watches a pass of `steps` steps.
  package init(_ observer: WorkObserver, steps: Int) {
    self.observer = observer
    self.steps = steps
  }

  /// Whether the caller gave up; any thread may ask.
  package var isCancelled: Bool {
    if wasCancelled.load(ordering: .relaxed) { return true }
    guard observer.isCancelled() else { return false }
    wasCancelled.store(true, ordering: .relaxed)
    return true
  }

  /// Throws `cancelled` where the caller gave up.
  package func check() throws(InputProblem) {
    if isCancelled { throw .cancelled }
  }

  /// Counts a step, and throws `cancelled` where the caller gave up.
  package func advance() throws(InputProblem) {
    observer.progress(done.add(1, ordering: .relaxed).newValue, steps)
    try check()
  }
}

extension AlbertConfig {
  /// The steps of a forward pass through some layers: the embeddings, each inner layer, the heads.
  package func passSteps(layers: Int) -> Int { max(0, layers) * innerGroupNum + 2 }
}
