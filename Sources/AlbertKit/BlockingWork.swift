internal import Dispatch
internal import Synchronization

/// Work that blocks its thread for long, done for a task.
enum BlockingWork {
  /// Runs `body` on a thread that belongs neither to the caller's actor nor to the tasks' own pool.
  ///
  /// `body` asks `isCancelled`, which says so as soon as the task is cancelled.
  static func run<Value: Sendable, Failure: Error>(
    _ body:
      @escaping @Sendable (_ isCancelled: @escaping @Sendable () -> Bool) throws(Failure) ->
      Value
  ) async throws(Failure) -> Value {
    let cancellation = Cancellation()
    let result: Result<Value, Failure> = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        DispatchQueue.global().async {
          continuation.resume(
            returning: Result { () throws(Failure) in try body { cancellation.isRequested } })
        }
      }
    } onCancel: {
      cancellation.request()
    }
    return try result.get()
  }
}

/// A flag that a task's cancellation sets and other threads read.
private final class Cancellation: Sendable {
  private let flag = Atomic(false)

  var isRequested: Bool { flag.load(ordering: .relaxed) }

  func request() { flag.store(true, ordering: .relaxed) }
}
