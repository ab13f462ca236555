internal import AlbertPlatform
internal import CAlbertPlatform
internal import Synchronization
package import SystemPackage

/// A file that appears under its name whole or not at all.
///
/// The bytes go to a file without a name in the same folder (so that a killed process leaves nothing
/// behind), reach the disk, and only then get the name. Where the file system knows no nameless files,
/// a hidden name takes their place; the next work on the same output removes it if this one is killed.
///
/// Where the output is not a file but a pipe, a terminal or an open descriptor, the bytes wait in a
/// temporary file, so that they can be written in any order and read again, and are handed on when
/// they are committed.
package final class AtomicFile: ByteSink {
  /// The path under which the file will appear.
  package let path: FilePath

  /// What becomes of the bytes in the end.
  private enum End {
    /// They get the name `target`.
    case name(target: FilePath, replacing: Bool)
    /// They have the name that they shall have, in a folder that is not named yet.
    case stay
    /// They are handed on.
    case handOn(to: Stream)
  }

  private let calls: FileSystemCalls
  private let end: End
  private let descriptor: Descriptor
  /// The name that the bytes bear until they are committed, where they need one.
  private let temporary: Mutex<FilePath?>
  private let position = Mutex(0)

  /// Begins a file at `path`.
  ///
  /// Throws `exists` where there is one and `replacing` is false.
  package convenience init(_ path: FilePath, replacing: Bool) throws(FileError) {
    try self.init(at: OutputPlace(path), replacing: replacing)
  }

  /// Begins a file at a place.
  ///
  /// Throws `exists` where there is one and `replacing` is false.
  package convenience init(at place: OutputPlace, replacing: Bool) throws(FileError) {
    let calls = FileSystemCalls.current
    if place.isStream {
      let stream = try place.openStream()
      let folder = TemporaryFolder.path
      let opened = try Self.open(FilePath("albert-output"), in: folder, for: place.path, calls)
      self.init(place.path, .handOn(to: Stream(stream)), opened, calls)
      return
    }
    place.recover()
    switch place.target.ownStatus?.type {
    case nil: break
    // No word replaces one by the other.
    case .directory:
      throw FileError(
        place.path.string, .wrongKind(expected: "a file", found: "a folder"),
        remedy: "remove it, or name another output")
    case _: if !replacing { throw FileError(place.path.string, .exists) }
    }
    let opened = try Self.open(
      place.target, in: AlbertBytes.folder(of: place.target), for: place.path, calls)
    self.init(
      place.path, .name(target: place.target, replacing: replacing), opened, calls)
  }

  /// Begins a file of a folder that nobody sees yet; errors name `output`.
  convenience init(hidden path: FilePath, of output: FilePath) throws(FileError) {
    let calls = FileSystemCalls.current
    let file: Descriptor
    do throws(Errno) {
      file = try calls.create(path)
    } catch {
      throw FileError(making: "a file", for: output, errno: error.rawValue)
    }
    self.init(output, .stay, Opened(file: file, name: path), calls)
  }

  private init(
    _ path: FilePath, _ end: End, _ opened: consuming Opened, _ calls: FileSystemCalls
  ) {
    self.path = path
    self.end = end
    self.calls = calls
    temporary = Mutex(opened.name)
    descriptor = opened.file
  }

  deinit {
    temporary.withLock { name in
      guard let name else { return }
      if case .stay = end { return }
      try? calls.unlink(name)
      Unfinished.end(name)
    }
  }

  /// Brings the bytes to the disk and gives the file its name, or hands them on.
  package func commit() throws(FileError) {
    if case .handOn(let stream) = end { return try handOn(to: stream) }
    do throws(Errno) {
      try calls.flush(descriptor, path)
    } catch {
      throw failure("flush the output", error)
    }
    guard case .name(let target, let replacing) = end else { return }
    if replacing { calls.keepOwnerAndMode(of: target, on: descriptor) }
    try temporary.withLock { (hidden) throws(FileError) in
      do throws(Errno) {
        try name(&hidden, target, replacing: replacing)
      } catch {
        if !replacing && error == .fileExists { throw FileError(path.string, .exists) }
        throw failure("name the output", error)
      }
    }
    do throws(Errno) {
      try calls.flushFolder(folder(of: target))
    } catch {
      throw FileError(folderOf: path, notFlushed: error)
    }
  }

  /// Gives the bytes, under `hidden` or nameless so far, their name.
  private func name(
    _ hidden: inout FilePath?, _ target: FilePath, replacing: Bool
  ) throws(Errno) {
    if hidden == nil {
      do throws(Errno) {
        // A nameless file gets its name by a link, which never replaces; so it first takes a hidden
        // name where something must be replaced.
        guard replacing else {
          return try Unfinished.naming(nil) { () throws(Errno) in
            try calls.link(descriptor, to: target)
          }
        }
        let first = HiddenName(.part, beside: target).path
        // Before others can see it.
        try? calls.lock(descriptor, first)
        try calls.link(descriptor, to: first)
        Unfinished.begin(first)
        hidden = first
      } catch {
        // Some file systems make nameless files and cannot name them.
        guard error.isMissingFeature || error == .noSuchFileOrDirectory else { throw error }
        hidden = try copied(beside: target)
      }
    }
    guard let from = hidden else { return }
    try Unfinished.naming(from) { () throws(Errno) in
      if replacing {
        try calls.rename(from, to: target)
      } else {
        try calls.renameNew(from, to: target)
      }
    }
    hidden = nil
  }

  /// A copy of the bytes under a hidden name.
  private func copied(beside target: FilePath) throws(Errno) -> FilePath {
    let copy = try Self.create(beside: target, calls)
    let name = copy.name ?? target
    do throws(Errno) {
      try calls.copy(descriptor, to: copy.file, name)
      try calls.flush(copy.file, name)
    } catch {
      try? calls.unlink(name)
      throw error
    }
    return name
  }

  private func handOn(to stream: Stream) throws(FileError) {
    do throws(Errno) {
      try calls.copy(descriptor, to: stream.descriptor, path)
    } catch {
      throw failure("write the output", error)
    }
  }

  private func failure(_ operation: String, _ error: Errno) -> FileError {
    FileError(path.string, writing: operation, error)
  }
}

// MARK: Writing

extension AtomicFile {
  /// Appends `bytes`.
  package func write(_ bytes: RawSpan) throws(FileError) {
    let start = position.withLock { position in
      defer { position += bytes.byteCount }
      return position
    }
    try write(bytes, at: start)
  }

  /// Appends `bytes`.
  package func write(_ bytes: [UInt8]) throws(FileError) {
    try unsafe write(bytes.span.bytes)
  }

  /// Writes `bytes` at an absolute offset; any thread may do so for a range of its own.
  package func write(_ bytes: RawSpan, at offset: Int) throws(FileError) {
    do throws(Errno) {
      try calls.write(all: bytes, to: descriptor, at: offset, path)
    } catch {
      throw failure("write the output", error)
    }
    // Lets the disk begin while the rest is computed; the commit waits for it all the same.
    if bytes.byteCount >= SourceFile.windowSize / 2 {
      albertkit_begin_writeback(
        descriptor.file.rawValue, Int64(offset), Int64(bytes.byteCount))
    }
  }

  /// Sets the length, and asks for the disk's blocks at once: writing is faster, and a disk without room for
  /// the whole file says so before any of it is computed.
  package func reserve(_ size: Int) throws(FileError) {
    do throws(Errno) {
      try calls.reserve(descriptor, size, path)
    } catch {
      throw failure("reserve \(size) bytes", error)
    }
  }

  /// A path under which the bytes can be read before they have their name.
  ///
  /// It holds as long as this process keeps the file.
  package var readablePath: FilePath {
    temporary.withLock { $0 } ?? FilePath("/proc/self/fd/\(descriptor.file.rawValue)")
  }
}

// MARK: Opening

/// An open file and the name that it bears, if any.
private struct Opened: ~Copyable {
  let file: Descriptor
  let name: FilePath?
}

extension AtomicFile {
  /// A file in `folder` without a name, or with a hidden one for that of `target`.
  private static func open(
    _ target: FilePath, in folder: FilePath, for output: FilePath, _ calls: FileSystemCalls
  ) throws(FileError) -> Opened {
    if let file = try? calls.openNameless(in: folder),
      FilePath("/proc/self/fd/\(file.file.rawValue)").isTaken
    {
      return Opened(file: file, name: nil)
    }
    do throws(Errno) {
      let name = target.lastComponent.map { folder.appending($0) } ?? target
      return try create(beside: name, calls)
    } catch {
      throw FileError(making: "a file", for: output, in: folder, errno: error.rawValue)
    }
  }

  /// A file under a hidden name, locked.
  private static func create(
    beside target: FilePath, _ calls: FileSystemCalls
  ) throws(Errno) -> Opened {
    for _ in 0..<8 {
      let name = HiddenName(.part, beside: target).path
      Unfinished.begin(name)
      do throws(Errno) {
        let file = try calls.create(name)
        if HiddenLock.mark(file, name, calls) { return Opened(file: file, name: name) }
      } catch {
        Unfinished.end(name)
        if error != .fileExists { throw error }
      }
    }
    throw .resourceBusy
  }
}

/// Where bytes are handed on to.
private final class Stream: Sendable {
  let descriptor: Descriptor

  init(_ descriptor: consuming Descriptor) { self.descriptor = descriptor }
}
