internal import AlbertBytes
internal import SystemPackage
internal import AlbertTensors

/// One HDF5 file, described by a worker; contiguous data is read by this process.
struct HDF5File: Sendable {
  let window: HDF5Window
  let description: HDF5Description
  private var worker: FilePath
  private let requireSandbox: Bool
  private let limits: HDF5Limits

  /// Describes several files, a few at a time.
  static func open(
    _ windows: [HDF5Window], _ options: ArchiveOptions, _ limits: HDF5Limits = HDF5Limits()
  ) throws(FileError) -> [HDF5File] {
    guard let worker = options.worker else {
      throw FileError(
        windows.first?.file.path.string ?? "",
        .missing("the worker process that HDF5 files are parsed in"),
        remedy: "set ArchiveOptions.worker to the path of the albert executable")
    }
    for window in windows { try HDF5Superblock.check(window) }
    var files: [HDF5File] = []
    // Two at once keep both cores busy without making a crowd of processes out of many shards.
    var running: [HDF5Process] = []
    for (index, window) in windows.enumerated() {
      for ahead in windows[index...].prefix(2).dropFirst(running.count) {
        running.append(try describe(ahead, worker, options.requireSandbox, limits))
      }
      let description = try HDF5Description(running.removeFirst(), of: window)
      files.append(
        HDF5File(
          window: window, description: description, worker: worker,
          requireSandbox: options.requireSandbox, limits: limits))
    }
    return files
  }

  /// The same file, read through another worker.
  func with(worker: FilePath) -> HDF5File {
    var copy = self
    copy.worker = worker
    return copy
  }

  private static func describe(
    _ window: HDF5Window, _ worker: FilePath, _ requireSandbox: Bool, _ limits: HDF5Limits
  ) throws(FileError) -> HDF5Process {
    let task = HDF5Task(
      .describe, base: window.base, length: window.length,
      memory: limits.memory(for: window.length),
      seconds: Int(limits.seconds.rounded(.up)), requireSandbox: requireSandbox)
    return try HDF5Process(
      task, window.file, worker: worker, seconds: limits.seconds,
      budget: min(limits.maxDescription, (1 << 20) + 64 * min(window.length, 1 << 40)))
  }

  /// Hands the content of `dataset` to `body` in order, little-endian, a window at a time.
  func read(
    _ dataset: HDF5Dataset, _ body: (RawSpan) throws(FileError) -> Void
  ) throws(FileError) {
    let path = window.file.path.string
    switch dataset.storage {
    case .empty:
      return
    case .unreadable(let problem, let remedy):
      throw FileError(path, problem, tensor: dataset.path, remedy: remedy)
    case .contiguous(let range):
      try window.file.stream(range, what: "its data") { (bytes) throws(FileError) in
        try pass(bytes, of: dataset, body)
      }
    case .assembled(let working):
      try FileError.limit(
        working, "the size of a row of chunks", most: limits.largestRow, in: path,
        tensor: dataset.path, remedy: "write the file again with smaller chunks or with none")
      try assemble(dataset, working: working, body)
    }
  }

  private func assemble(
    _ dataset: HDF5Dataset, working: Int, _ body: (RawSpan) throws(FileError) -> Void
  ) throws(FileError) {
    let seconds = limits.seconds + Double(dataset.byteCount / limits.bytesPerSecond)
    let task = HDF5Task(
      .read(path: dataset.path, size: dataset.byteCount), base: window.base, length: window.length,
      // A chunk as it is stored, while it is unpacked, and in the cache.
      memory: limits.memory(for: window.length) + 4 * working, seconds: Int(seconds),
      requireSandbox: requireSandbox)
    let process = try HDF5Process(
      task, window.file, worker: worker, seconds: seconds,
      budget: (1 << 20) + dataset.byteCount + dataset.byteCount / 1024)
    var received = 0
    try FileError.concerning(dataset.path) { () throws(FileError) in
      while true {
        let frame = try process.frame()
        if frame.kind == .end { break }
        received += frame.body.count
        guard frame.kind == .data, received <= dataset.byteCount,
          frame.body.count.isMultiple(of: dataset.type.size)
        else { throw process.garbage() }
        try unsafe pass(frame.body.span.bytes, of: dataset, body)
      }
      guard received == dataset.byteCount else { throw process.garbage() }
    }
  }

  /// Hands on whole elements, little-endian.
  private func pass(
    _ bytes: RawSpan, of dataset: HDF5Dataset, _ body: (RawSpan) throws(FileError) -> Void
  ) throws(FileError) {
    guard dataset.isBigEndian else { return try body(bytes) }
    let swapped = bytes.byteSwapped(unit: dataset.type.size)
    try unsafe body(swapped.span.bytes)
  }
}
