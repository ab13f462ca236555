internal import AlbertBytes
internal import AlbertPlatform
internal import SystemPackage

/// A worker process as its parent sees it: messages until the answer is whole, or an error.
///
/// Whatever the process does, the parent goes on: it waits no longer than the deadline, takes no
/// more than the budget, writes nothing to the process (so that no broken pipe can end it), and kills
/// the process when it is done with it.
final class HDF5Process {
  private let path: String
  private let worker: FilePath
  private let seconds: Double
  private let deadline: ContinuousClock.Instant
  private let pipe: FileDescriptor
  private var process: pid_t?
  private var budget: Int
  private var greeted = false
  private var buffer = [UInt8](repeating: 0, count: 1 << 16)
  private var unread = 0..<0

  /// Starts `worker` on the bytes of `file`; it may take `seconds` and send `budget` bytes.
  init(
    _ task: HDF5Task, _ file: SourceFile, worker: FilePath, seconds: Double, budget: Int
  ) throws(FileError) {
    path = file.path.string
    self.worker = worker
    self.seconds = seconds
    self.budget = budget
    deadline = .now + .seconds(seconds)
    do {
      (process, pipe) = try HDF5Spawn.start(
        worker, [HDF5Worker.command] + task.arguments, input: file.rawDescriptor)
    } catch {
      throw FileError(
        file.path.string,
        .system(operation: "start the HDF5 worker '\(worker)'", errno: error.rawValue),
        remedy: HDF5Process.remedy)
    }
  }

  deinit {
    _ = end()
    try? pipe.close()
  }

  static let remedy: Remedy = "let ArchiveOptions.worker name the albert executable of this version"

  /// The next message; a `failure` is thrown.
  func frame() throws(FileError) -> HDF5Frame {
    if !greeted {
      let hello = [HDF5Frame.Kind.hello.rawValue, 1, 0, 0, 0, HDF5Frame.version]
      guard try take(hello.count) == hello else {
        _ = end()
        throw FileError(
          path, .missing("an answer from the HDF5 worker '\(worker)'"), remedy: Self.remedy)
      }
      greeted = true
    }
    guard let header = try take(HDF5Frame.headerSize) else { throw stopped() }
    let length = header.dropFirst().reversed().reduce(0) { $0 << 8 | Int($1) }
    guard let kind = HDF5Frame.Kind(rawValue: header[0]), kind != .hello,
      length <= HDF5Frame.largestBody
    else { throw garbage() }
    guard let body = try take(length) else { throw stopped() }
    if kind == .failure { throw failure(body) }
    return HDF5Frame(kind: kind, body: body)
  }

  /// The error for messages that make no sense.
  func garbage() -> FileError {
    _ = end()
    return FileError(path, .malformed("libhdf5 lost its way in it: its worker's answer is garbled"))
  }

  /// The next `count` bytes; nil where the worker closes its end before.
  private func take(_ count: Int) throws(FileError) -> [UInt8]? {
    var result = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      if !unread.isEmpty {
        let part = unread.prefix(count - done)
        result.replaceSubrange(done..<done + part.count, with: buffer[part])
        unread.removeFirst(part.count)
        done += part.count
      } else if count - done >= buffer.count {
        let received = try receive(into: &result, from: done)
        guard received > 0 else { return nil }
        done += received
      } else {
        unread = 0..<(try receive(into: &buffer, from: 0))
        guard !unread.isEmpty else { return nil }
      }
    }
    return result
  }

  /// Waits for bytes and puts them into `target`; 0 where the worker has closed its end.
  private func receive(into target: inout [UInt8], from start: Int) throws(FileError) -> Int {
    try wait()
    let received: Int
    do {
      received = try unsafe target.withUnsafeMutableBytes {
        try unsafe pipe.read(into: UnsafeMutableRawBufferPointer(rebasing: $0[start...]))
      }
    } catch {
      let code = (error as? Errno)?.rawValue ?? 0
      throw FileError(path, .system(operation: "read the HDF5 worker's answer", errno: code))
    }
    budget -= received
    guard budget >= 0 else {
      _ = end()
      throw FileError(
        path, .malformed("libhdf5 lost its way in it: its worker's answer has no end"))
    }
    return received
  }

  /// Waits until the worker has sent something or closed its end.
  private func wait() throws(FileError) {
    while true {
      let left = ContinuousClock.now.duration(to: deadline).components
      let milliseconds = left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000
      var request = pollfd(fd: pipe.rawValue, events: Int16(POLLIN), revents: 0)
      let result = unsafe poll(&request, 1, Int32(max(0, min(milliseconds, 60_000))))
      if result > 0 { return }
      if result < 0, errno != EINTR {
        throw FileError(
          path, .system(operation: "wait for the HDF5 worker", errno: errno))
      }
      if deadline <= .now {
        _ = end()
        throw FileError(
          path, .malformed("libhdf5 came to no end with it within \(Int(seconds)) seconds"))
      }
    }
  }

  /// The error for a worker that went away inside its answer.
  private func stopped() -> FileError {
    let status = end()
    let signal = status & 0x7F
    if signal == SIGXCPU {
      return FileError(path, .malformed("libhdf5 took more processor time over it than it may"))
    }
    let how = signal != 0 ? "signal \(signal)" : "exit status \(status >> 8 & 0xFF)"
    return FileError(path, .malformed("libhdf5 crashed on it (\(how))"))
  }

  private func failure(_ body: [UInt8]) -> FileError {
    _ = end()
    guard let kind = body.first.flatMap(HDF5FailureKind.init(rawValue:)) else { return garbage() }
    let text = HDF5Record.printable(Array(body.dropFirst()))
    switch kind {
    case .library: return FileError(path, .malformed("libhdf5 cannot read it: \(text)"))
    case .malformed: return FileError(path, .malformed(text))
    case .unsupported:
      return FileError(
        path, .unsupported(text),
        remedy: "write the model again with all its data in one file, such as with h5repack")
    case .newer:
      return FileError(
        path, .unsupported("what a later HDF5 library wrote (\(text))"),
        remedy: "write the file again with h5py's libver='v108', or build with a later libhdf5")
    case .refused:
      return FileError(
        path, .unsupported("reading HDF5 in a sandbox here: \(text)"),
        remedy: "use a kernel with Landlock and seccomp, or leave \(.requireSandbox) out")
    }
  }

  /// Kills the worker where it still runs, and returns how it ended.
  private func end() -> Int32 {
    guard let process else { return 0 }
    self.process = nil
    return HDF5Spawn.end(process)
  }
}
