public import AlbertArchitecture
public import AlbertBytes
public import AlbertFastModel
public import AlbertNativeFormat

extension FastModel {
  /// The Float32 forward pass of a native model.
  ///
  /// A ``LoadedModel`` of another format has one, its `model`.
  ///
  /// - Parameter model: The model; its matrices are packed, and widened, when they are first used.
  /// - Throws: ``FileError`` where the process's limits leave it no room.
  public convenience init(_ model: NativeModel) throws(FileError) {
    try self.init(model as any ParameterStore)
  }

  /// Computes stages without blocking the caller's actor.
  ///
  /// A task that is cancelled throws `cancelled` between two matrix products.
  ///
  /// - Parameters:
  ///   - inputs: Token ids, mask and segments, [batch, sequence], or [batch, choices, sequence] for
  ///     multiple choice.
  ///   - stages: The stages to compute; all but attentions where nil.
  ///   - progress: Told of blocks of layers done and in all.
  /// - Returns: The stages that the model has, in the order of computation, each with its shape.
  /// - Throws: ``InputProblem`` where the inputs do not fit the model.
  public func forward(
    _ inputs: ModelInputs, stages: [Stage]? = nil,
    progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) async throws(InputProblem) -> [StageOutput<Float>] {
    try await BlockingWork.run { (isCancelled) throws(InputProblem) in
      try self.forward(
        inputs, stages: stages,
        observer: WorkObserver(progress: progress, isCancelled: isCancelled))
    }
  }
}
