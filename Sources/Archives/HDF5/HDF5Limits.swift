/// What a worker may take before its parent gives it up.
struct HDF5Limits: Sendable {
  /// Wall-clock seconds for describing a file, and for the start of reading a dataset.
  var seconds = 10.0
  /// The slowest decompression that is waited for, in bytes of content per second.
  var bytesPerSecond = 8 << 20
  /// Memory for libhdf5 itself and the metadata of a small file.
  var memory = 64 << 20
  /// The most memory for the metadata of any file, however large.
  var maxMemory = 512 << 20
  /// Memory for each byte of a file, all of which may be metadata.
  var memoryPerByte = 8
  /// The largest row of chunks that a dataset may be stored in.
  var largestRow = 512 << 20
  /// The bytes of a description.
  var maxDescription = 64 << 20
  /// The most that deflate ever saves; a dataset that claims more was not written by anyone.
  static let maxRatio = 1032
  /// What a row of chunks may take beyond twice its dataset.
  static let spareChunk = 16 << 20

  /// The memory for describing a file of `length` bytes.
  func memory(for length: Int) -> Int {
    memory + min(length.multiplied(by: memoryPerByte) ?? .max, maxMemory - memory)
  }
}

/// What a worker is asked to do, and within which limits: its command line.
struct HDF5Task: Equatable {
  /// The two requests.
  enum Request: Equatable {
    /// All groups, datasets and text attributes.
    case describe
    /// The content of one dataset, of that many bytes.
    case read(path: String, size: Int)
  }

  var request: Request
  /// Where the HDF5 file begins in the descriptor, and its length.
  var base: Int
  var length: Int
  /// Bytes of memory that the worker may take.
  var memory: Int
  /// Seconds of processor time.
  var seconds: Int
  /// Whether to give no answer rather than work unconfined.
  var requireSandbox: Bool

  /// The arguments after the subcommand's name.
  var arguments: [String] {
    let shared = [base, length, memory, seconds, requireSandbox ? 1 : 0].map(String.init)
    return switch request {
    case .describe: shared
    case .read(let path, let size): shared + [String(size), path]
    }
  }

  /// Makes a task.
  init(
    _ request: Request, base: Int, length: Int, memory: Int, seconds: Int, requireSandbox: Bool
  ) {
    self.request = request
    self.base = base
    self.length = length
    self.memory = memory
    self.seconds = seconds
    self.requireSandbox = requireSandbox
  }

  /// Reads what `arguments` wrote; nil for anything else.
  init?(_ arguments: [String]) {
    guard arguments.count == 5 || arguments.count == 7 else { return nil }
    let numbers = arguments.prefix(5).compactMap { Int($0) }
    guard numbers.count == 5, numbers.allSatisfy({ $0 >= 0 }) else { return nil }
    base = numbers[0]
    length = numbers[1]
    memory = numbers[2]
    seconds = numbers[3]
    requireSandbox = numbers[4] != 0
    if arguments.count == 5 {
      request = .describe
    } else {
      guard let size = Int(arguments[5]), size >= 0 else { return nil }
      request = .read(path: arguments[6], size: size)
    }
  }
}
