internal import Albert
internal import Archives
public import Bytes
internal import Conversion
internal import SystemPackage
internal import Synchronization

/// What a long export is busy with.
public enum ExportPhase: String, Sendable {
  case converting
  case verifying
}

extension ExportPlan {
  /// Told how far a phase is; called by several threads.
  public typealias Progress = @Sendable (_ phase: ExportPhase, _ done: Int, _ total: Int) -> Void

  /// Writes the output, verifies it, and gives it its name where it holds.
  ///
  /// What was there before stays as it is until then, and for good where anything fails.
  ///
  /// Throws what hinders reading or writing, and `cancelled` soon after `isCancelled` says so.
  public func run(
    progress: @escaping Progress = { _, _, _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws(FileError) -> ExportOutcome {
    func observer(_ phase: ExportPhase) -> ConversionObserver {
      ConversionObserver(progress: { progress(phase, $0, $1) }, isCancelled: isCancelled)
    }
    if format == NativeExport.self { return try writeNative(observer) }
    let files = try format.files(model)
    if !isFolder, files.count == 1, let only = files.first,
      case .weights(let weights) = only.content, weights.companions == nil
    {
      return try writeFile(weights, observer)
    }
    return try writeFolder(files, observer)
  }

  typealias Observers = (ExportPhase) -> ConversionObserver

  private func writeNative(_ observer: Observers) throws(FileError) -> ExportOutcome {
    let file = try AtomicFile(output, replacing: options.replacesExisting)
    let written = try conversion.writeNative(
      to: file, tool: options.tool, observer(.converting))
    let checked = try verify(file.readablePath, observer(.verifying))
    if checked?.passes ?? true { try file.commit() }
    return outcome(written.byteCount, written.findings, checked)
  }

  /// A single file, which has no name until it is verified.
  private func writeFile(
    _ weights: WeightsFile, _ observer: Observers
  ) throws(FileError) -> ExportOutcome {
    let file = try AtomicFile(output, replacing: options.replacesExisting)
    let written = try write(weights, to: file, observer(.converting))
    let checked = try verify(file.readablePath, observer(.verifying))
    if checked?.passes ?? true { try file.commit() }
    return outcome(written.byteCount, conversion.findings + written.findings, checked)
  }

  /// Several files, in a hidden folder until they are verified.
  private func writeFolder(
    _ files: [ExportFile], _ observer: Observers
  ) throws(FileError) -> ExportOutcome {
    try refuseExisting(isFolder ? [] : files.map(\.name))
    let folder = try StagedFolder(beside: output)
    var findings = conversion.findings
    var names: [String] = []
    var total = 0
    func add(_ name: String, _ body: (AtomicFile) throws(FileError) -> Int) throws(FileError) {
      try folder.makeFolders(for: name)
      let file = try AtomicFile(folder.path.appending(name), replacing: false)
      total += try body(file)
      try file.commit()
      names.append(name)
    }
    for file in files {
      switch file.content {
      case .bytes(let bytes):
        try add(file.name) { (target) throws(FileError) in
          try target.write(bytes)
          return bytes.count
        }
      case .copy(let source):
        try add(file.name) { (target) throws(FileError) in
          try source.stream(0..<source.size) { (window) throws(FileError) in
            try target.write(window)
          }
          try source.checkUnchanged()
          return source.size
        }
      case .weights(let weights):
        var checksums: [UInt32] = []
        try add(file.name) { (target) throws(FileError) in
          let written = try write(weights, to: target, observer(.converting))
          findings += written.findings
          checksums = written.checksums
          return written.byteCount
        }
        for companion in try weights.companions?(checksums) ?? [] {
          try add(companion.name) { (target) throws(FileError) in
            try target.write(companion.bytes)
            return companion.bytes.count
          }
        }
      }
    }
    let main = isFolder ? folder.path : folder.path.appending(output.lastComponent?.string ?? "")
    let checked = try verify(main, observer(.verifying))
    if checked?.passes ?? true {
      if isFolder {
        try folder.commit(
          replacing: options.replacesExisting, keepingUnless: ExportRegistry.isModelFile)
      } else {
        try folder.commit(files: names, replacing: options.replacesExisting)
      }
    }
    return outcome(total, findings, checked)
  }

  /// Refuses before the work what would be refused after it.
  private func refuseExisting(_ names: [String]) throws(FileError) {
    guard !options.replacesExisting else { return }
    let folder = output.removingLastComponent()
    for path in [output] + names.map({ folder.appending($0) })
    where (try? path.stat(followTargetSymlink: false)) != nil {
      throw FileError(path.string, .exists)
    }
  }

  private struct Written {
    let byteCount: Int
    let checksums: [UInt32]
    let findings: [Finding]
  }

  /// Streams the tensors to their places and writes the container around them.
  private func write(
    _ weights: WeightsFile, to file: AtomicFile, _ observer: ConversionObserver
  ) throws(FileError) -> Written {
    let layout = try weights.layOut(file.readablePath)
    precondition(layout.ranges.count == weights.tensors.count, "a layout lost a tensor")
    try file.reserve(layout.byteCount)
    let streamed = try conversion.stream(weights.tensors, total: layout.byteCount, observer) {
      (index, produce) throws(FileError) -> UInt32 in
      try write(
        weights.tensors[index], layout.pieces(of: index), layout.checksum, to: file, produce)
    }
    try layout.finish(streamed.values, to: file)
    return Written(
      byteCount: layout.byteCount, checksums: streamed.values, findings: streamed.findings)
  }

  /// Streams one tensor through its ranges, of which there are several where the container cuts
  /// large tensors.
  private func write(
    _ tensor: OutputTensor, _ pieces: [Range<Int>], _ kind: TensorChecksum.Kind,
    to file: AtomicFile, _ produce: ConversionPlan.Produce
  ) throws(FileError) -> UInt32 {
    var checksum = TensorChecksum(kind)
    var room = pieces[...]
    var failure: FileError?
    do throws(FileError) {
      try produce { (window) throws(FileError) in
        checksum.update(window)
        var start = 0
        while start < window.byteCount {
          guard let range = room.first else { throw size(tensor, pieces, found: "more") }
          let count = min(range.count, window.byteCount - start)
          try file.write(window.extracting(start..<start + count), at: range.lowerBound)
          start += count
          if count == range.count {
            room.removeFirst()
          } else {
            room[room.startIndex] = range.lowerBound + count..<range.upperBound
          }
        }
      }
      let missing = room.reduce(0) { $0 + $1.count }
      guard missing == 0 else {
        let found = pieces.reduce(0) { $0 + $1.count } - missing
        throw size(tensor, pieces, found: "\(found) bytes")
      }
    } catch {
      failure = error
    }
    if let failure { throw failure }
    return checksum.value
  }

  private func size(
    _ tensor: OutputTensor, _ pieces: [Range<Int>], found: String
  ) -> FileError {
    FileError(
      output.string,
      .mismatch(
        of: "the tensor's content", expected: "\(pieces.reduce(0) { $0 + $1.count }) bytes",
        found: found),
      tensor: tensor.tensor.name)
  }
}
