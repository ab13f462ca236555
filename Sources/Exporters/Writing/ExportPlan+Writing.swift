internal import AlbertArchitecture
internal import AlbertArchives
public import AlbertBytes
internal import AlbertConversion
internal import SystemPackage
internal import Synchronization
public import AlbertVerification

/// What a long export is busy with.
public enum ExportPhase: Equatable, Sendable {
  /// The source is read and the output written; counts bytes.
  case converting
  /// What was written is verified.
  case verifying(VerificationPhase)
}

extension ExportPlan {
  /// Told how far a phase is, in bytes or multiplications; called by several threads, of one phase by one
  /// at a time, with what never falls.
  public typealias Progress = @Sendable (_ phase: ExportPhase, _ done: Int, _ total: Int) -> Void

  /// Writes the output, verifies it, and gives it its name where it holds.
  ///
  /// What was there before stays as it is until then, and for good where anything fails.
  ///
  /// - Parameters:
  ///   - progress: Told how far each phase is, by several threads.
  ///   - isCancelled: Asked between windows of bytes and inside of layers, by several threads.
  /// - Returns: What was written, verified and lost.
  /// - Throws: ``FileError`` for what hinders reading or writing, and `cancelled` soon after
  ///   `isCancelled` says so.
  public func run(
    progress: @escaping Progress = { _, _, _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws(FileError) -> ExportOutcome {
    try run(observers: { phase in
      WorkObserver(progress: { progress(phase, $0, $1) }, isCancelled: isCancelled)
    })
  }

  /// Writes the output in the same way, each phase under the eyes of its observer.
  package func run(observers observer: Observers) throws(FileError) -> ExportOutcome {
    let place = try OutputPlace(output)
    // First what a killed run left of the same output: it may be what stands there.
    place.recover(ModelFiles.rules())
    let files = try format.type.files(model)
    if !isFolder, files.count == 1, let only = files.first,
      case .weights(let weights) = only.content, weights.companions == nil
    {
      return try writeFile(at: place, observer) { (file) throws(FileError) in
        let written = try write(weights, to: file, observer(.converting))
        return (written.byteCount, ownFindings + written.findings)
      }
    }
    guard !place.isStream else {
      throw FileError(
        output.string,
        .inexpressible("\(format.title) is several files here, which no single stream can carry"),
        remedy: "name a file or folder")
    }
    return try writeFiles(files, at: place, observer)
  }

  /// Who watches each phase.
  package typealias Observers = (ExportPhase) -> WorkObserver

  /// A single file, which has no name until it is verified.
  private func writeFile(
    at place: OutputPlace, _ observer: Observers,
    _ body: (AtomicFile) throws(FileError) -> (byteCount: Int, findings: [Finding])
  ) throws(FileError) -> ExportOutcome {
    let old = replacedData(place)
    guard !old.isEmpty else {
      let file = try AtomicFile(at: place, replacing: options.replacesExisting)
      let written = try told(file, body)
      let checked = try verify(file.readablePath, observer)
      if checked?.passes ?? true { try file.commit() }
      return outcome(written.byteCount, written.findings, checked)
    }
    // The data of a model that is replaced go along with it, whenever this process is killed.
    let name = fileName ?? "output"
    let folder = try StagedFolder(at: place, ModelFiles.rules())
    let file = try folder.file(name)
    let written = try told(file, body)
    let checked = try verify(file.readablePath, observer)
    if checked?.passes ?? true {
      try file.commit()
      try folder.commit(name, others: [], removing: old, replacing: true)
    }
    return outcome(written.byteCount, written.findings, checked)
  }

  /// Runs `body`, whose errors name the output and not the file that has no name yet.
  private func told<R>(
    _ file: AtomicFile, _ body: (AtomicFile) throws(FileError) -> R
  ) throws(FileError) -> R {
    do throws(FileError) {
      return try body(file)
    } catch {
      throw error.renamed(from: file.readablePath, to: output)
    }
  }

  /// Several files, in a hidden folder until they are verified.
  private func writeFiles(
    _ files: [ExportFile], at place: OutputPlace, _ observer: Observers
  ) throws(FileError) -> ExportOutcome {
    try refuseExisting(place, isFolder ? [] : files.filter(\.hasName).map(\.name))
    let bringsTokenizer = files.contains { ModelFiles.isTokenizer($0.name) }
    let folder = try StagedFolder(
      at: place, ModelFiles.rules(keepingTokenizer: isFolder && !bringsTokenizer))
    let written = try write(files, into: folder, observer(.converting))
    let main = files.count == 1 ? written.names.last ?? "" : ""
    let checked = try verify(isFolder ? folder.path : folder.path.appending(main), observer)
    var findings = ownFindings + written.findings
    if checked?.passes ?? true {
      if isFolder {
        if !bringsTokenizer { findings += ModelFiles.keptTokenizer(in: place.target) }
        try folder.commit(replacing: options.replacesExisting)
        findings += ModelFiles.otherModel(in: place.target, besides: written.names)
      } else {
        let others = written.names.filter { $0 != main }
        try folder.commit(
          main, others: others, removing: replacedData(place).filter { !others.contains($0) },
          replacing: options.replacesExisting)
      }
    }
    return outcome(written.byteCount, findings, checked)
  }

  /// Data files of the model that is replaced.
  private func replacedData(_ place: OutputPlace) -> [String] {
    guard options.replacesExisting, place.target.isOwnFile else { return [] }
    return ModelFiles.data(of: place.target)
  }

  /// Writes files into a folder that nobody sees yet.
  private func write(
    _ files: [ExportFile], into folder: StagedFolder, _ observer: WorkObserver
  ) throws(FileError) -> (names: [String], byteCount: Int, findings: [Finding]) {
    var findings: [Finding] = []
    var names: [String] = []
    var total = 0
    // Several files of tensors are one piece of work.
    let whole = files.reduce(0) { $0 + $1.tensorByteCount }
    var before = 0
    func add(_ name: String, _ body: (AtomicFile) throws(FileError) -> Int) throws(FileError) {
      let file = try folder.file(name)
      do throws(FileError) {
        total += try body(file)
      } catch {
        throw error.renamed(from: file.readablePath, to: isFolder ? output.appending(name) : output)
      }
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
        var tensors = WrittenTensors([])
        let start = before
        before += file.tensorByteCount
        let watching = WorkObserver(
          progress: { done, _ in observer.progress(start + done, whole) },
          isCancelled: observer.isCancelled)
        try add(file.name) { (target) throws(FileError) in
          let written = try write(weights, to: target, watching)
          findings += written.findings
          tensors = written.tensors
          return written.byteCount
        }
        var digest: XXH3Digest?
        if let naming = weights.naming {
          let whole = try SourceFile(folder.path.appending(file.name)).digest()
          names[names.count - 1] = try folder.rename(file.name, to: naming(whole))
          digest = whole
        }
        let known = WeightsFile.Written(tensors: tensors, digest: digest)
        for companion in try weights.companions?(known) ?? [] {
          try add(companion.name) { (target) throws(FileError) in
            try target.write(companion.bytes)
            return companion.bytes.count
          }
        }
      }
    }
    return (names, total, findings)
  }

  /// Refuses before the work what would be refused after it.
  private func refuseExisting(_ place: OutputPlace, _ names: [String]) throws(FileError) {
    let isThere = place.target.isTaken
    // No word replaces one by the other.
    if isThere, place.target.isOwnFile == isFolder {
      throw FileError(
        output.string,
        .wrongKind(
          expected: isFolder ? "a folder" : "a file", found: isFolder ? "a file" : "a folder"),
        remedy: "remove it, or name another output")
    }
    if options.replacesExisting { return }
    if isThere { throw FileError(output.string, .exists) }
    let folder = place.target.removingLastComponent()
    for path in names.map({ folder.appending($0) }) where path.isTaken {
      throw FileError(path.string, .exists)
    }
  }

  private struct Written {
    let byteCount: Int
    let tensors: WrittenTensors
    let findings: [Finding]
  }

  /// Streams the tensors to their places and writes the container around them.
  private func write(
    _ weights: WeightsFile, to file: AtomicFile, _ observer: WorkObserver
  ) throws(FileError) -> Written {
    let layout = try weights.layOut(file.readablePath)
    try file.reserve(layout.byteCount)
    let files = format.type.recordsSourceDigests ? conversion.inspection.sourceFiles : []
    let written = try conversion.write(
      weights.tensors, as: layout, hashing: files, to: file, path: output.string, observer)
    return Written(
      byteCount: layout.byteCount, tensors: written.tensors, findings: written.findings)
  }
}
