/// Who watches a long piece of work: is told how far it is, and may end it.
public struct WorkObserver: Sendable {
  /// Told how much is done, and how much there will be: bytes where bytes are moved, blocks of layers
  /// in a forward pass; called by several threads, one at a time, with what never falls.
  package let progress: @Sendable (_ done: Int, _ total: Int) -> Void
  /// Asked between windows of bytes, and between and inside the layers of a forward pass, whether to
  /// give up; called by several threads.
  package let isCancelled: @Sendable () -> Bool
  /// The observers of parts that are told of apart.
  private let parts: (@Sendable (String) -> WorkObserver)?

  /// Watches with the given calls.
  ///
  /// The work runs on threads of its own, where `Task.isCancelled` says nothing: a task hands over
  /// a flag that its cancellation handler sets.
  ///
  /// - Parameters:
  ///   - progress: Told how much is done and how much there will be, in bytes where bytes are moved and in
  ///     blocks of layers in a forward pass; by several threads, one at a time, with what never falls.
  ///   - isCancelled: Asked whether to give up; by several threads.
  public init(
    progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) {
    self.progress = progress
    self.isCancelled = isCancelled
    parts = nil
  }

  /// Watches work of several parts, each with an observer of its own by its name.
  package init(
    isCancelled: @escaping @Sendable () -> Bool = { false },
    parts: @escaping @Sendable (String) -> WorkObserver
  ) {
    progress = { _, _ in }
    self.isCancelled = isCancelled
    self.parts = parts
  }

  /// Whether parts are told of apart.
  package var tellsParts: Bool { parts != nil }

  /// Who watches a part: this one where parts are not told of apart.
  package func part(_ name: String) -> WorkObserver { parts?(name) ?? self }

  /// Who watches a part that is counted in something else than the rest: nobody is told how far it is where
  /// parts are not told of apart.
  package func partApart(_ name: String) -> WorkObserver {
    parts?(name) ?? WorkObserver(isCancelled: isCancelled)
  }

  /// Throws `cancelled`, as an error of `path`, where the caller gave up.
  package func check(_ path: String) throws(FileError) {
    if isCancelled() { throw FileError(path, .cancelled) }
  }
}
