internal import AlbertBytes
internal import AlbertPlatform

/// The process that libhdf5 parses files in.
///
/// The tool runs it as a hidden subcommand: standard input is the file, standard output takes the
/// answer. Nothing here is trusted by the parent.
package enum HDF5Worker {
  /// The subcommand's name.
  package static let command = "hdf5-worker"

  /// Answers what `arguments`, those after the subcommand's name, ask for.
  ///
  /// Returns the exit code of the process, which has nothing else to do.
  package static func main(_ arguments: [String]) -> Int32 {
    guard let task = HDF5Task(arguments) else { return EX_USAGE }
    var output = HDF5Output()
    var hello = HDF5Encoder()
    hello.integer(HDF5Frame.version)
    output.send(.hello, hello.bytes)
    // At once, so that a crash over the file is told from a program that is not a worker.
    output.flush()
    do throws(HDF5Failure) {
      let isConfined = try HDF5Confinement.apply(task)
      let file = try HDF5Library.open(base: task.base, length: task.length)
      switch task.request {
      case .describe:
        if !isConfined { output.send(.unconfined, []) }
        var walk = HDF5Walk(file.id, output)
        try walk.run()
        output = walk.output
      case .read(let path, let size):
        try HDF5Reading.run(file.id, path, size: size, &output)
      }
      output.send(.end, [])
    } catch {
      output.send(.failure, [error.kind.rawValue] + Array(error.message.utf8.prefix(1000)))
    }
    output.flush()
    // At once, without the library's own clean-up of what a hostile file made of its memory.
    _exit(0)
  }
}

/// Why the worker gives no answer, for the parent.
struct HDF5Failure: Error {
  let kind: HDF5FailureKind
  let message: String

  /// Bytes that no model's file has.
  static func malformed(_ message: String) -> HDF5Failure {
    HDF5Failure(kind: .malformed, message: message)
  }

  /// A legal construct that is not read.
  static func unsupported(_ message: String) -> HDF5Failure {
    HDF5Failure(kind: .unsupported, message: message)
  }
}

/// The messages on their way to the parent, gathered so that many small ones cost one write.
struct HDF5Output {
  private var pending: [UInt8] = []

  /// Adds a message.
  mutating func send(_ kind: HDF5Frame.Kind, _ body: [UInt8]) {
    var header = HDF5Encoder()
    header.integer(kind.rawValue)
    header.integer(UInt32(truncatingIfNeeded: body.count))
    pending += header.bytes
    pending += body
    if pending.count >= 1 << 16 { flush() }
  }

  /// Writes what is pending; a parent that is gone ends the process.
  mutating func flush() {
    var done = 0
    while done < pending.count {
      let count = unsafe pending.withUnsafeBytes {
        unsafe write(1, $0.baseAddress?.advanced(by: done), $0.count - done)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { _exit(1) }
      done += count
    }
    pending.removeAll(keepingCapacity: true)
  }
}
