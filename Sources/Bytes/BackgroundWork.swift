internal import CAlbertPlatform
internal import Synchronization

/// Work in parts that was begun while nobody waits for it yet.
///
/// One of the machine's workers takes it up, where the process can have one; what nobody took up is done
/// by whoever waits for the end first. Work that nobody can wait for any more is cut short.
final class BackgroundWork: Sendable {
  private let parts: Parts
  private let job: Mutex<Job>

  /// Begins `body` for 0..<count, in order; it asks now and then whether the work is still wanted.
  init(_ count: Int, _ body: @escaping @Sendable (Int, _ isWanted: () -> Bool) -> Void) {
    let parts = Parts(body)
    self.parts = parts
    job = Mutex(Job(count, parts))
  }

  /// Returns when all parts have ended.
  func end() { job.withLock { $0.end() } }

  deinit {
    parts.isWanted.store(false, ordering: .relaxed)
    end()
  }

  /// What there is to do, as C passes it on.
  private final class Parts: Sendable {
    let body: @Sendable (Int, () -> Bool) -> Void
    let isWanted = Atomic(true)

    init(_ body: @escaping @Sendable (Int, () -> Bool) -> Void) { self.body = body }
  }

  /// The workers' job, until it has ended.
  @safe private struct Job: @unchecked Sendable {
    // Unchecked: whoever has it holds the lock around it.
    private var pointer: OpaquePointer?

    init(_ count: Int, _ parts: Parts) {
      unsafe pointer = albertkit_begin_work(
        count,
        { (context, part) in
          guard let context = unsafe context else { return }
          let parts = unsafe Unmanaged<Parts>.fromOpaque(context).takeUnretainedValue()
          parts.body(part) { parts.isWanted.load(ordering: .relaxed) }
        }, Unmanaged.passUnretained(parts).toOpaque())
    }

    mutating func end() {
      if let pointer = unsafe pointer { unsafe albertkit_end_work(pointer) }
      unsafe pointer = nil
    }
  }
}
