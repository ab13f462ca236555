internal import Synchronization
package import SystemPackage

/// A regular file open for reading in windows, which notices when it changes meanwhile.
///
/// Sources are read with `pread` and never mapped: a mapped file that somebody truncates kills the
/// process, a window that comes up short is an error like any other.
package final class SourceFile: Sendable {
  /// The path as it was given.
  package let path: FilePath
  /// The size in bytes when the file was opened.
  package let size: Int
  /// What tells this file from every other, and this state of it from later ones.
  package let identity: FileIdentity

  private let descriptor: SharedDescriptor
  /// Where the first byte lies in the file on disk; not 0 for a part.
  private let start: Int
  /// Work that takes the file's SHA-256, and which of its files this is.
  let begunDigest = Mutex<(work: SourceDigests, index: Int)?>(nil)

  /// Bytes that one window holds.
  package static let windowSize = 1 << 20

  /// Opens a regular file.
  ///
  /// Throws `notFound`, `wrongKind` or `system`.
  package convenience init(_ path: FilePath) throws(FileError) {
    let file: FileDescriptor
    do {
      // Non-blocking, so that a named pipe is told apart instead of waited for.
      file = try FileDescriptor.open(
        path, .readOnly, options: [.closeOnExec, .nonBlocking], retryOnInterrupt: true)
    } catch {
      throw FileError(opening: path, error)
    }
    try self.init(SharedDescriptor(owning: file), path: path)
  }

  /// A regular file that is open already; errors name `path`.
  ///
  /// Throws `wrongKind` or `system`.
  init(_ descriptor: SharedDescriptor, path: FilePath) throws(FileError) {
    self.descriptor = descriptor
    self.path = path
    start = 0
    do {
      let status = try descriptor.file.stat()
      identity = FileIdentity(status)
      size = Int(status.size)
      guard status.type == .regular else {
        throw FileError(
          path.string,
          .wrongKind(
            expected: "a file", found: status.type == .directory ? "a folder" : "a special file"))
      }
    } catch let error as FileError {
      throw error
    } catch {
      throw FileError(path.string, .system(operation: "read its status", errno: error.code))
    }
  }

  /// A file within a file, such as a stored member of an archive, by the range of its bytes.
  ///
  /// Nil where the range leaves the file.
  package convenience init?(part range: Range<Int>, of whole: SourceFile) {
    guard range.lowerBound >= 0, range.upperBound <= whole.size else { return nil }
    self.init(whole, range)
  }

  private init(_ whole: SourceFile, _ range: Range<Int>) {
    path = whole.path
    identity = whole.identity
    descriptor = whole.descriptor
    start = whole.start + range.lowerBound
    size = range.count
  }

  /// The same file as another object.
  var whole: SourceFile { SourceFile(self, 0..<size) }

  /// The descriptor's number, for a call that needs one; the file keeps owning it.
  package var rawDescriptor: Int32 { descriptor.file.rawValue }

  /// The file's name without its folder.
  package var name: String { path.lastComponent?.string ?? path.string }

  /// Fills `buffer` from `offset` on.
  ///
  /// Throws `truncated` where the file ends before.
  package func read(
    at offset: Int, into buffer: UnsafeMutableRawBufferPointer, what: String = "the data"
  ) throws(FileError) {
    guard offset >= 0, buffer.count <= size, offset <= size - buffer.count else {
      throw FileError(
        path.string,
        .truncated(what: what, needed: buffer.count, available: max(0, size - max(0, offset))),
        offset: max(0, offset))
    }
    var done = 0
    while done < buffer.count {
      let count: Int
      do {
        count = try unsafe descriptor.file.read(
          fromAbsoluteOffset: Int64(start + offset + done),
          into: UnsafeMutableRawBufferPointer(rebasing: buffer[done...]), retryOnInterrupt: true)
      } catch {
        throw FileError(
          path.string, .system(operation: "read", errno: error.code), offset: offset + done)
      }
      // The size was known to suffice, so a short file is one that was cut since.
      guard count > 0 else { throw FileError(path.string, .changed) }
      done += count
    }
  }

  /// `count` bytes from `offset` on; the range is checked before anything is allocated.
  package func bytes(at offset: Int, count: Int, what: String = "the data") throws(FileError)
    -> [UInt8]
  {
    guard offset >= 0, count >= 0, count <= size, offset <= size - count else {
      throw FileError(
        path.string,
        .truncated(what: what, needed: max(0, count), available: max(0, size - max(0, offset))),
        offset: max(0, offset))
    }
    var failure: FileError?
    let result = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      do throws(FileError) {
        let bytes = UnsafeMutableRawBufferPointer(buffer)
        try unsafe read(
          at: offset, into: UnsafeMutableRawBufferPointer(rebasing: bytes[..<count]), what: what)
        filled = count
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return result
  }

  /// The first `count` bytes, or all where there are fewer.
  package func head(_ count: Int) throws(FileError) -> [UInt8] {
    try bytes(at: 0, count: min(count, size))
  }

  /// Fills `buffer` with rows of `count` bytes each, the first of which begins at `offset` and every
  /// further one `pitch` bytes behind the one before.
  package func read(
    rows: Int, of count: Int, every pitch: Int, from offset: Int, into buffer: inout [UInt8]
  ) throws(FileError) {
    precondition(buffer.count == rows * count, "the buffer is not as large as the rows")
    let isDense = count == pitch
    let (reads, size) = isDense ? (1, rows * count) : (rows, count)
    var failure: FileError?
    unsafe buffer.withUnsafeMutableBytes { buffer in
      do throws(FileError) {
        for row in 0..<reads {
          try unsafe read(
            at: offset + row * pitch,
            into: UnsafeMutableRawBufferPointer(
              rebasing: buffer[row * size..<(row + 1) * size]))
        }
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
  }

  /// Hands the bytes of `range` to `body` in order, a window at a time.
  package func stream(
    _ range: Range<Int>, window: Int = SourceFile.windowSize, what: String = "the data",
    _ body: (RawSpan) throws(FileError) -> Void
  ) throws(FileError) {
    guard range.lowerBound >= 0, range.upperBound <= size else {
      throw FileError(
        path.string,
        .truncated(
          what: what, needed: range.count, available: max(0, size - max(0, range.lowerBound))),
        offset: max(0, range.lowerBound))
    }
    var buffer = [UInt8](repeating: 0, count: min(window, range.count))
    var position = range.lowerBound
    while position < range.upperBound {
      let count = min(buffer.count, range.upperBound - position)
      var failure: FileError?
      unsafe buffer.withUnsafeMutableBytes { bytes in
        do throws(FileError) {
          try unsafe read(
            at: position, into: UnsafeMutableRawBufferPointer(rebasing: bytes[..<count]), what: what
          )
        } catch {
          failure = error
        }
      }
      if let failure { throw failure }
      try unsafe body(buffer.span.bytes.extracting(0..<count))
      position += count
    }
  }

  /// Throws `changed` where size, time or identity differ from when the file was opened.
  package func checkUnchanged() throws(FileError) {
    do {
      let now = FileIdentity(try descriptor.file.stat())
      if now != identity { throw FileError(path.string, .changed) }
    } catch let error as FileError {
      throw error
    } catch {
      throw FileError(path.string, .system(operation: "read its status", errno: error.code))
    }
  }
}
