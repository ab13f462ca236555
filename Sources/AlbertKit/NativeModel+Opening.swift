public import AlbertBytes
public import AlbertNativeFormat
internal import SystemPackage

extension NativeModel {
  /// Opens and maps a native file, or reads it into memory, where nobody else can change it.
  ///
  /// Only the header is checked, in a millisecond whatever the size; ``NativeModel``
  /// says what a mapping promises.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - inMemory: Whether to read the file instead of mapping it.
  /// - Throws: ``FileError`` where the file cannot be read or its header breaks the profile.
  public convenience init(_ path: some FilePathConvertible, inMemory: Bool = false)
    throws(FileError)
  {
    try self.init(path.filePath, inMemory: inMemory)
  }

  /// Makes the process outlive native files that are made shorter while they are read: lost bytes read
  /// as zeros, and `checkUnchanged` throws.
  ///
  /// It handles SIGBUS for the whole process and hands on what concerns no model to the handler that was
  /// there before, so it is for the program to call, once, and no library's own doing.
  public static func guardAgainstTruncation() { MappedBytes.guardAgainstTruncation() }

  /// Verifies every tensor's digest without blocking the caller's actor.
  ///
  /// A task that is cancelled throws `cancelled` at the next window of bytes.
  ///
  /// - Parameter progress: Told of bytes done and bytes in all, by several threads.
  /// - Returns: The tensors whose bytes are not those that were written; none in a sound file.
  /// - Throws: ``FileError`` `changed` where the file changes meanwhile.
  public func check(
    progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) async throws(FileError) -> [Failure] {
    try await BlockingWork.run { (isCancelled) throws(FileError) in
      try self.check(WorkObserver(progress: progress, isCancelled: isCancelled))
    }
  }
}
