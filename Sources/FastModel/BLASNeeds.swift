internal import AlbertBytes
internal import AlbertPlatform

/// What OpenBLAS will ask of the system, asked before it is loaded.
///
/// It takes no refusal: where memory is denied it tries again without end, and where a thread is denied
/// it interrupts the process.
struct BLASNeeds {
  /// Its threads, this one among them.
  let threads: Int

  /// The library itself, its tables, what a forward pass needs besides, and the stacks of the threads
  /// that share its other work.
  private static let fixed = 128 << 20
  /// The buffer of each thread, on processors with AVX-512 (a quarter on others), and its stack.
  private static let perThread = (128 + 8) << 20
  /// What runs may differ by, so that the limit which an error names is enough.
  private static let spare = 64 << 20
  /// The most threads that distributions build it for.
  private static let maxThreads = 64

  /// The needs of as many threads as there are cores, or the user says.
  init() {
    let names = ["OPENBLAS_NUM_THREADS", "GOTO_NUM_THREADS", "OMP_NUM_THREADS"]
    let stated = names.lazy.compactMap(Self.number).first { $0 > 0 }
    self.init(threads: min(stated ?? Machine.cores, Machine.cores, Self.maxThreads))
  }

  private static func number(_ variable: String) -> Int? {
    unsafe getenv(variable).flatMap { unsafe Int(String(cString: $0)) }
  }

  init(threads: Int) {
    self.threads = threads
  }

  /// Bytes of address space.
  var memory: Int { Self.fixed + threads * Self.perThread }

  /// Throws where the process may not have what is needed.
  func check(_ library: String) throws(FileError) {
    if Machine.limitsMemory, !Machine.offers(memory: memory) {
      throw FileError(
        library,
        .system(
          operation: "take \(memory >> 20) MB of memory for \(threads) threads", errno: ENOMEM),
        remedy: memoryRemedy)
    }
    guard Machine.threads(of: threads - 1) == threads - 1 else {
      throw FileError(
        library, .system(operation: "start \(threads) threads", errno: EAGAIN),
        remedy: "raise the limit of threads (ulimit -u), or set OPENBLAS_NUM_THREADS=1")
    }
  }

  private var memoryRemedy: Remedy {
    let place = Machine.addressSpace.map { " to \(($0 + memory + Self.spare) >> 10)" } ?? ""
    let one = BLASNeeds(threads: 1)
    let fewer =
      threads > 1 && Machine.offers(memory: one.memory) ? ", or set OPENBLAS_NUM_THREADS=1" : ""
    return "raise the limit of memory (ulimit -v)\(place)\(fewer); the reference engine needs less"
  }
}
