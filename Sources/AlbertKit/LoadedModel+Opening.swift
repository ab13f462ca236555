public import AlbertArchitecture
public import AlbertBytes
public import AlbertConversion
public import AlbertReading
internal import AlbertVerification
internal import SystemPackage

extension LoadedModel {
  /// Loads the model at a path, of any readable format, with every checksum verified.
  ///
  /// - Parameters:
  ///   - path: The checkpoint, as for ``Inspection``.
  ///   - options: What the file itself leaves open, and how containers are opened.
  ///   - observer: Told of bytes read and written, and asked between windows whether to give up.
  /// - Throws: ``FileError`` where the model cannot be used, `cancelled` where the observer gives up.
  public init(
    _ path: some FilePathConvertible, _ options: InspectionOptions = InspectionOptions(),
    observer: WorkObserver = WorkObserver()
  ) throws(FileError) {
    try self.init(
      path.filePath, options, progress: observer.progress, isCancelled: observer.isCancelled)
  }

  /// Loads the model at a path without blocking the caller's actor.
  ///
  /// A task that is cancelled throws `cancelled` at the next window of bytes.
  ///
  /// - Parameters:
  ///   - path: The checkpoint.
  ///   - options: What the file itself leaves open, and how containers are opened.
  ///   - progress: Told of bytes done and bytes in all, by several threads.
  /// - Throws: ``FileError`` where the model cannot be used.
  public init(
    _ path: some FilePathConvertible, _ options: InspectionOptions = InspectionOptions(),
    progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) async throws(FileError) {
    let path = path.filePath
    self = try await BlockingWork.run { (isCancelled) throws(FileError) in
      try LoadedModel(path, options, progress: progress, isCancelled: isCancelled)
    }
  }

  /// Runs the model and records its inputs and stages in a golden file.
  ///
  /// The file is an `.npz` or, by its ending, a `.safetensors` file. `Verification` holds models
  /// against it. The stages of the reference are float64, those of the fast engine float32.
  ///
  /// - Parameters:
  ///   - inputs: Token ids, mask and segments, [batch, sequence].
  ///   - output: The file to write.
  ///   - engine: The forward pass that computes.
  ///   - attentions: Whether attention probabilities are recorded too, which grow with the square of
  ///     the sequence.
  ///   - replacing: Whether an existing file is replaced.
  ///   - observer: Told of blocks of layers, and asked inside of them whether to give up.
  /// - Throws: ``FileError`` where the inputs do not fit the model or the file cannot be written, and
  ///   `cancelled` where the observer gives up; the output is then as it was before.
  public func record(
    _ inputs: ModelInputs, to output: some FilePathConvertible, engine: Engine = .reference,
    attentions: Bool = false, replacing: Bool = false, observer: WorkObserver = WorkObserver()
  ) throws(FileError) {
    _ = try ForwardRun.run(
      self, inputs, from: "the inputs", engine: engine, attentions: attentions,
      output: output.filePath, replacing: replacing, observer)
  }
}
