internal import AlbertBytes

/// Whether independent pieces of work share the cores; the results are the same either way.
enum Parallelism {
  case allCores
  case oneCore

  /// How many pieces are worked on at a time.
  var width: Int {
    switch self {
    case .allCores: Machine.cores
    case .oneCore: 1
    }
  }

  /// Runs `body` for 0..<count.
  ///
  /// Each call must write where no other one reads or writes.
  func run(_ count: Int, _ body: (Int) -> Void) {
    switch self {
    case .allCores:
      withoutActuallyEscaping(body) { body in
        // Not Sendable by type, since it writes to memory; by the rule above it may be shared.
        nonisolated(unsafe) let body = body
        Machine.concurrently(count) { unsafe body($0) }
      }
    case .oneCore: for index in 0..<count { body(index) }
    }
  }

  /// The results of `body` for 0..<count, in order.
  func map<T>(_ count: Int, _ body: (Int) -> T) -> [T] {
    unsafe [T](unsafeUninitializedCapacity: count) { results, initialized in
      let base = unsafe results
      run(count) { index in unsafe base.initializeElement(at: index, to: body(index)) }
      initialized = count
    }
  }
}
