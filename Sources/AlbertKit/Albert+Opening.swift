public import AlbertBytes
internal import AlbertConversion
public import AlbertReading
public import AlbertPipelines

extension Albert {
  /// Opens a model that reads text, of any readable format, with the tokenizer that belongs to it.
  ///
  /// Every checksum that the files offer is verified.
  ///
  /// - Parameters:
  ///   - path: The checkpoint, as for ``Inspection``.
  ///   - options: What the file itself leaves open, and how containers are opened.
  /// - Throws: ``FileError`` where the model cannot be used, or has no tokenizer of its vocabulary.
  public convenience init(
    _ path: some FilePathConvertible, _ options: InspectionOptions = InspectionOptions()
  ) throws(FileError) {
    try self.init(try LoadedModel(path.filePath, options))
  }

  /// Opens a model that reads text without blocking the caller's actor.
  ///
  /// A task that is cancelled throws `cancelled` at the next window of bytes.
  ///
  /// - Parameters:
  ///   - path: The checkpoint, as for ``Inspection``.
  ///   - options: What the file itself leaves open, and how containers are opened.
  /// - Throws: ``FileError`` where the model cannot be used, or has no tokenizer of its vocabulary.
  public convenience init(
    _ path: some FilePathConvertible, _ options: InspectionOptions = InspectionOptions()
  ) async throws(FileError) {
    let path = path.filePath
    let loaded = try await BlockingWork.run { (isCancelled) throws(FileError) in
      try LoadedModel(path, options, isCancelled: isCancelled)
    }
    try self.init(loaded)
  }
}
