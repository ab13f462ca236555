/// Who watches a long piece of work: is told how far it is, and may end it.
public struct ConversionObserver: Sendable {
  /// Told how many bytes are done, and how many there will be; called by several threads.
  public let progress: @Sendable (_ done: Int, _ total: Int) -> Void
  /// Asked between windows of bytes whether to give up.
  public let isCancelled: @Sendable () -> Bool

  /// Watches with the given calls.
  ///
  /// The work runs on threads of its own, where `Task.isCancelled` says nothing: a task hands over
  /// a flag that its cancellation handler sets.
  public init(
    progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) {
    self.progress = progress
    self.isCancelled = isCancelled
  }
}
