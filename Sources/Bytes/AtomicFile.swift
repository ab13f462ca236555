public import SystemPackage

internal import CSupport
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A file that appears under its name whole or not at all.
///
/// The bytes go to a file without a name in the same folder (so that a killed process leaves
/// nothing behind), reach the disk, and only then get the name. Where the file system knows no
/// nameless files, a hidden name takes their place.
public final class AtomicFile: ByteSink {
  /// The path under which the file will appear.
  public let path: FilePath
  private let descriptor: Descriptor
  private let replaces: Bool
  /// The hidden name that the bytes bear until they are committed, where they need one.
  private let temporary: Mutex<FilePath?>
  private let position = Mutex(0)

  /// Begins a file at `path`.
  ///
  /// Throws `exists` where there is one and `replacing` is false.
  public init(_ path: FilePath, replacing: Bool) throws(FileError) {
    let (file, name) = try Self.openTemporary(beside: path, replacing: replacing)
    self.path = path
    replaces = replacing
    descriptor = Descriptor(owning: file)
    temporary = Mutex(name)
  }

  deinit {
    temporary.withLock { name in
      if let name { unsafe _ = name.withPlatformString { unsafe unlink($0) } }
    }
  }

  /// Appends `bytes`.
  public func write(_ bytes: RawSpan) throws(FileError) {
    let start = position.withLock { position in
      defer { position += bytes.byteCount }
      return position
    }
    try write(bytes, at: start)
  }

  /// Appends `bytes`.
  public func write(_ bytes: [UInt8]) throws(FileError) {
    try unsafe write(bytes.span.bytes)
  }

  /// Writes `bytes` at an absolute offset; any thread may do so for a range of its own.
  public func write(_ bytes: RawSpan, at offset: Int) throws(FileError) {
    var done = 0
    while done < bytes.byteCount {
      do {
        done += try unsafe bytes.withUnsafeBytes {
          try unsafe descriptor.file.write(
            toAbsoluteOffset: Int64(offset + done),
            UnsafeRawBufferPointer(rebasing: $0[done...]), retryOnInterrupt: true)
        }
      } catch {
        throw FileError(
          path.string, .system(operation: "write the output", errno: error.code),
          offset: offset + done)
      }
    }
    // Lets the disk begin while the rest is computed; the commit waits for it all the same.
    if bytes.byteCount >= SourceFile.windowSize / 2 {
      albertkit_begin_writeback(
        descriptor.file.rawValue, Int64(offset), Int64(bytes.byteCount))
    }
  }

  /// Sets the length, so that the blocks of a file of known size are asked for at once.
  public func reserve(_ size: Int) throws(FileError) {
    do {
      try descriptor.file.resize(to: Int64(size))
    } catch {
      throw FileError(
        path.string, .system(operation: "reserve \(size) bytes", errno: error.code))
    }
  }

  /// A path under which the bytes can be read before they have their name.
  ///
  /// It holds as long as this process keeps the file.
  public var readablePath: FilePath {
    temporary.withLock { $0 } ?? FilePath("/proc/self/fd/\(descriptor.file.rawValue)")
  }

  /// Brings the bytes to the disk and gives the file its name.
  public func commit() throws(FileError) {
    guard fsync(descriptor.file.rawValue) == 0 else { throw failure("flush the output") }
    try temporary.withLock { (hidden) throws(FileError) in try name(&hidden) }
    syncFolder(of: path)
  }

  /// Gives the bytes, under `hidden` or nameless so far, their name.
  private func name(_ hidden: inout FilePath?) throws(FileError) {
    if hidden == nil {
      // A nameless file gets its name by a link, which never replaces; so it first takes a hidden
      // name where something must be replaced.
      let target = replaces ? hiddenName(beside: path) : path
      guard link(to: target) else {
        if errno == EEXIST { throw FileError(path.string, .exists) }
        throw failure("name the output")
      }
      if replaces { hidden = target }
    }
    guard let from = hidden else { return }
    if replaces {
      guard rename(from, to: path) else { throw failure("name the output") }
    } else {
      // `link` refuses an existing name where `rename` would replace it.
      guard hardLink(from, to: path) else {
        if errno == EEXIST { throw FileError(path.string, .exists) }
        throw failure("name the output")
      }
      unsafe _ = from.withPlatformString { unsafe unlink($0) }
    }
    hidden = nil
  }

  private func failure(_ operation: String) -> FileError {
    FileError(path.string, .system(operation: operation, errno: errno))
  }

  private func link(to target: FilePath) -> Bool {
    #if os(Linux)
      unsafe target.withPlatformString { name in
        unsafe linkat(
          AT_FDCWD, "/proc/self/fd/\(descriptor.file.rawValue)", AT_FDCWD, name, AT_SYMLINK_FOLLOW)
          == 0
      }
    #else
      false
    #endif
  }

  private static func openTemporary(
    beside path: FilePath, replacing: Bool
  ) throws(FileError) -> (FileDescriptor, FilePath?) {
    if let status = try? path.stat(followTargetSymlink: false) {
      guard replacing else { throw FileError(path.string, .exists) }
      guard status.type != .directory else {
        throw FileError(
          path.string, .wrongKind(expected: "a file", found: "a folder"),
          remedy: "remove it, or name another output")
      }
    }
    let folder = folder(of: path)
    if albertkit_o_tmpfile != 0 {
      let number = unsafe folder.withPlatformString {
        unsafe open($0, albertkit_o_tmpfile | O_WRONLY | O_CLOEXEC, 0o666)
      }
      if number >= 0 { return (FileDescriptor(rawValue: number), nil) }
    }
    let hidden = hiddenName(beside: path)
    do {
      let file = try FileDescriptor.open(
        hidden, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec],
        permissions: FilePermissions(rawValue: 0o666))
      return (file, hidden)
    } catch {
      throw FileError(making: "a file", for: path, errno: error.code)
    }
  }
}

/// The folder that holds `path`, as something that can be opened.
func folder(of path: FilePath) -> FilePath {
  let parent = path.removingLastComponent()
  return parent.isEmpty ? FilePath(".") : parent
}

/// A name in the same folder that no other process takes.
func hiddenName(beside path: FilePath) -> FilePath {
  let name = path.lastComponent?.string ?? "output"
  return folder(of: path).appending(".\(name).\(getpid())-\(UInt32.random(in: 0 ... .max)).tmp")
}

func rename(_ from: FilePath, to target: FilePath) -> Bool {
  unsafe from.withPlatformString { old in
    unsafe target.withPlatformString { new in unsafe rename(old, new) == 0 }
  }
}

private func hardLink(_ from: FilePath, to target: FilePath) -> Bool {
  unsafe from.withPlatformString { old in
    unsafe target.withPlatformString { new in unsafe link(old, new) == 0 }
  }
}

/// Makes the name itself durable.
///
/// A file system that cannot sync a folder has made its own choice.
func syncFolder(of path: FilePath) {
  if let handle = try? FileDescriptor.open(
    folder(of: path), .readOnly, options: [.directory, .closeOnExec])
  {
    _ = fsync(handle.rawValue)
    try? handle.close()
  }
}
