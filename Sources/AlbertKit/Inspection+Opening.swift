internal import AlbertArchitecture
public import AlbertBytes
public import AlbertReading
internal import SystemPackage

extension Inspection {
  /// Opens a checkpoint of any readable format and finds out what it is, from headers alone.
  ///
  /// A model that is wrong or incomplete is no error: `findings` says all that is the matter, and
  /// `refusal` is the error that using the model would throw.
  ///
  /// - Parameters:
  ///   - path: A file, a folder, an index, one shard, a TensorFlow prefix, or `ORG/NAME` for a model in
  ///     the local cache of the Hugging Face Hub. Nothing is ever downloaded.
  ///   - options: What the file itself leaves open, and how containers are opened.
  /// - Returns: What the checkpoint is and what is in it.
  /// - Throws: ``FileError`` where nothing can be said: no file, a malformed one, no ALBERT in it, or
  ///   several checkpoints of which none is preferred.
  public static func open(
    _ path: some FilePathConvertible, _ options: InspectionOptions = InspectionOptions()
  ) throws(FileError) -> Inspection {
    try open(path.filePath, options)
  }

  /// Opens a checkpoint as `open` does, without blocking the caller's actor.
  ///
  /// - Parameters:
  ///   - path: The checkpoint, as for the call that blocks.
  ///   - options: What the file itself leaves open, and how containers are opened.
  /// - Returns: What the checkpoint is and what is in it.
  /// - Throws: ``FileError`` where nothing can be said of it.
  public static func open(
    _ path: some FilePathConvertible, _ options: InspectionOptions = InspectionOptions()
  ) async throws(FileError) -> Inspection {
    let path = path.filePath
    return try await BlockingWork.run { (_) throws(FileError) in try open(path, options) }
  }
}
