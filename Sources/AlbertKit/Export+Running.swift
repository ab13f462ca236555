public import AlbertBytes
internal import AlbertConversion
public import AlbertReading
public import AlbertExporters
internal import SystemPackage

extension Export {
  /// Reads `source`, writes it to `output`, verifies what was written, and gives it its name.
  ///
  /// An output that does not hold what it should is no error but an outcome that did not succeed, and
  /// has no name. Whatever fails, what was at `output` before is there still.
  ///
  /// - Parameters:
  ///   - source: The checkpoint, as for ``Inspection``.
  ///   - output: The file or folder to write; its ending decides the format where none is named.
  ///   - options: The format, the element type, and what may be changed, made up or replaced.
  ///   - reading: What the source itself leaves open, and how containers are opened.
  ///   - progress: Told how far each phase is, by several threads.
  ///   - isCancelled: Asked between windows of bytes and inside of layers, by several threads.
  /// - Returns: What was written, verified and lost.
  /// - Throws: ``FileError`` for what hinders reading or writing, `cancelled` among it.
  public static func run(
    _ source: some FilePathConvertible, to output: some FilePathConvertible,
    _ options: ExportOptions = ExportOptions(), reading: InspectionOptions = InspectionOptions(),
    progress: @escaping ExportPlan.Progress = { _, _, _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws(FileError) -> ExportOutcome {
    try run(
      source.filePath, to: output.filePath, options.opening(as: reading), reading: reading,
      progress: progress, isCancelled: isCancelled)
  }

  /// Exports as the call that blocks does, without blocking the caller's actor.
  ///
  /// A task that is cancelled throws `cancelled` soon after, and `output` is as it was before.
  ///
  /// - Parameters:
  ///   - source: The checkpoint.
  ///   - output: The file or folder to write; its ending decides the format where none is named.
  ///   - options: The format, the element type, and what may be changed, made up or replaced.
  ///   - reading: What the source itself leaves open, and how containers are opened.
  ///   - progress: Told how far each phase is, by several threads.
  /// - Returns: What was written, verified and lost.
  /// - Throws: ``FileError`` for what hinders reading or writing.
  public static func run(
    _ source: some FilePathConvertible, to output: some FilePathConvertible,
    _ options: ExportOptions = ExportOptions(), reading: InspectionOptions = InspectionOptions(),
    progress: @escaping ExportPlan.Progress = { _, _, _ in }
  ) async throws(FileError) -> ExportOutcome {
    let (source, output) = (source.filePath, output.filePath)
    return try await BlockingWork.run { (isCancelled) throws(FileError) in
      try run(
        source, to: output, options.opening(as: reading), reading: reading, progress: progress,
        isCancelled: isCancelled)
    }
  }
}

extension ExportPlan {
  /// Plans to write what was inspected to `output`, from headers alone.
  ///
  /// - Parameters:
  ///   - inspection: The source.
  ///   - output: The file or folder to write; its ending decides the format where none is named.
  ///   - options: The format, the element type, and what may be changed, made up or replaced.
  /// - Throws: ``FileError`` where the source cannot be used, the format cannot state it, or the output
  ///   is a file of the source itself.
  public init(
    _ inspection: Inspection, to output: some FilePathConvertible,
    _ options: ExportOptions = ExportOptions()
  ) throws(FileError) {
    try self.init(inspection, to: output.filePath, options)
  }

  /// Executes the plan without blocking the caller's actor.
  ///
  /// A task that is cancelled throws `cancelled` soon after, and the output is as it was before.
  ///
  /// - Parameter progress: Told how far each phase is, by several threads.
  /// - Returns: What was written, verified and lost.
  /// - Throws: ``FileError`` for what hinders reading or writing.
  public func run(
    progress: @escaping Progress = { _, _, _ in }
  ) async throws(FileError) -> ExportOutcome {
    try await BlockingWork.run { (isCancelled) throws(FileError) in
      try self.run(progress: progress, isCancelled: isCancelled)
    }
  }
}

extension ExportOptions {
  /// The options with containers opened as a source's are, which is how an output is read back.
  fileprivate func opening(as reading: InspectionOptions) -> ExportOptions {
    var options = self
    options.archive = reading.archive
    return options
  }
}
