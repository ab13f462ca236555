internal import AlbertPlatform
internal import CAlbertPlatform
package import SystemPackage

/// The system calls that make, name and remove outputs, behind a seam.
///
/// Tests replace `fault` to make one call fail, or all calls from some step on: that is what a killed
/// process leaves.
package struct FileSystemCalls: Sendable {
  /// One kind of call.
  package enum Call: String, Sendable {
    case openNameless, create, makeFolder, linkNameless, hardLink, copy
    case rename, renameNew, exchange, unlink, removeFolder
    case reserve, write, flush, flushFolder, lock
  }

  /// The calls that outputs are made with from here on, in this task.
  @TaskLocal package static var current = FileSystemCalls()

  /// The error with which a call on a path fails instead of being made; nil to make it.
  package var fault: @Sendable (_ call: Call, _ path: FilePath) -> Errno?

  /// The calls themselves; or with faults.
  package init(fault: @escaping @Sendable (Call, FilePath) -> Errno? = { _, _ in nil }) {
    self.fault = fault
  }

  /// Makes a call, again where a signal interrupted it.
  @discardableResult
  private func make(
    _ call: Call, _ path: FilePath, _ body: (UnsafePointer<CChar>) -> Int32
  ) throws(Errno) -> Int32 {
    if let error = fault(call, path) { throw error }
    while true {
      let (result, code) = unsafe path.withPlatformString { name in
        let result = unsafe body(name)
        return (result, errno)
      }
      if result >= 0 { return result }
      if code != EINTR { throw Errno(rawValue: code) }
    }
  }

  private func make(
    _ call: Call, _ from: FilePath, _ target: FilePath,
    _ body: (UnsafePointer<CChar>, UnsafePointer<CChar>) -> Int32
  ) throws(Errno) {
    try unsafe make(call, target) { target in
      unsafe from.withPlatformString { from in unsafe body(from, target) }
    }
  }
}

// MARK: Making

extension FileSystemCalls {
  /// Opens a file without a name in `folder`.
  func openNameless(in folder: FilePath) throws(Errno) -> Descriptor {
    guard albertkit_o_tmpfile != 0 else { throw .notSupported }
    let number = try unsafe make(.openNameless, folder) {
      unsafe open($0, albertkit_o_tmpfile | O_RDWR | O_CLOEXEC, 0o666)
    }
    let file = Descriptor(owning: FileDescriptor(rawValue: number))
    makeReadable(file)
    return file
  }

  /// Makes a file; `exists` where the name is taken.
  func create(_ path: FilePath, mode: CInterop.Mode = 0o666) throws(Errno) -> Descriptor {
    let number = try unsafe make(.create, path) {
      unsafe open($0, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
    }
    let file = Descriptor(owning: FileDescriptor(rawValue: number))
    makeReadable(file)
    return file
  }

  /// Lets its owner read a file, whatever the process's mask: it is verified before it has its name.
  private func makeReadable(_ file: borrowing Descriptor) {
    guard let mode = try? file.file.stat().permissions, !mode.contains(.ownerRead) else { return }
    _ = fchmod(file.file.rawValue, mode.union(.ownerReadWrite).rawValue)
  }

  /// Keeps whose the file at `old` is and who may read it, as writing into it would have; false where none
  /// is there.
  @discardableResult
  func keepOwnerAndMode(of old: FilePath, on file: borrowing Descriptor) -> Bool {
    let number = file.file.rawValue
    return unsafe old.withPlatformString { unsafe albertkit_copy_owner_and_mode($0, number) }
  }

  /// Makes a folder, which its owner can work in whatever the process's mask; `exists` where the name is
  /// taken.
  package func makeFolder(_ path: FilePath, mode: CInterop.Mode = 0o777) throws(Errno) {
    try unsafe make(.makeFolder, path) { unsafe mkdir($0, mode) }
    guard let made = path.ownStatus?.permissions, !made.isSuperset(of: .ownerReadWriteExecute)
    else {
      return
    }
    let wanted = made.union(.ownerReadWriteExecute).rawValue
    unsafe _ = path.withPlatformString { unsafe chmod($0, wanted) }
  }

  /// Gives a nameless file a name; `exists` where it is taken.
  func link(_ file: borrowing Descriptor, to target: FilePath) throws(Errno) {
    #if os(Linux)
      let number = file.file.rawValue
      try unsafe make(.linkNameless, target) {
        unsafe linkat(AT_FDCWD, "/proc/self/fd/\(number)", AT_FDCWD, $0, AT_SYMLINK_FOLLOW)
      }
    #else
      throw .notSupported
    #endif
  }

  /// Gives a file, or a link as such, a second name; `exists` where it is taken.
  func hardLink(_ from: FilePath, to target: FilePath) throws(Errno) {
    try unsafe make(.hardLink, from, target) { unsafe linkat(AT_FDCWD, $0, AT_FDCWD, $1, 0) }
  }

  /// Copies a file, a link as such, or a pipe, with its times, mode, owner and attributes.
  func copy(_ from: FilePath, to target: FilePath) throws(Errno) {
    try unsafe make(.copy, from, target) { unsafe albertkit_copy($0, $1) }
  }
}

// MARK: Naming and removing

extension FileSystemCalls {
  /// Gives `from` the name `target`, in the place of what has it.
  func rename(_ from: FilePath, to target: FilePath) throws(Errno) {
    try unsafe make(.rename, from, target) { unsafe SystemCall.rename($0, $1) }
  }

  /// Gives `from` the name `target` where nothing has it; `exists` where something does.
  ///
  /// Where the file system cannot do that in one step, a file gets a second name and loses the first,
  /// and what cannot have two is renamed after a look.
  func renameNew(_ from: FilePath, to target: FilePath) throws(Errno) {
    do throws(Errno) {
      return try unsafe make(.renameNew, from, target) { unsafe albertkit_rename_new($0, $1) }
    } catch {
      guard error.isMissingFeature else { throw error }
    }
    do throws(Errno) {
      try hardLink(from, to: target)
      return try unlink(from)
    } catch {
      guard error.isMissingFeature || error == .tooManyLinks else { throw error }
    }
    guard !target.isTaken else { throw .fileExists }
    try rename(from, to: target)
  }

  /// Swaps what two names stand for, in one step.
  func exchange(_ one: FilePath, _ other: FilePath) throws(Errno) {
    try unsafe make(.exchange, one, other) { unsafe albertkit_rename_swap($0, $1) }
  }

  /// Removes a file's name.
  func unlink(_ path: FilePath) throws(Errno) {
    try unsafe make(.unlink, path) { unsafe SystemCall.unlink($0) }
  }

  /// Removes a file, or a folder with all in it, following no link; as much of it as can be removed.
  func removeAll(_ path: FilePath) {
    guard let status = path.ownStatus else { return }
    guard status.type == .directory else {
      try? unlink(path)
      return
    }
    // A user's folder may have been brought here with a mode that forbids to empty it.
    if (try? Folder.entries(in: path)) == nil || status.permissions.rawValue & 0o300 != 0o300 {
      unsafe _ = path.withPlatformString { unsafe chmod($0, 0o700) }
    }
    for name in (try? Folder.entries(in: path)) ?? [] { removeAll(path.appending(name)) }
    _ = try? unsafe make(.removeFolder, path) { unsafe rmdir($0) }
  }
}

// MARK: Bringing to the disk, locking

extension FileSystemCalls {
  /// Writes all bytes, at an absolute offset or, where the file is a stream, at its end.
  func write(
    all bytes: RawSpan, to file: borrowing Descriptor, at offset: Int?, _ path: FilePath
  ) throws(Errno) {
    var done = 0
    while done < bytes.byteCount {
      if let error = fault(.write, path) { throw error }
      do {
        done += try unsafe bytes.withUnsafeBytes {
          let rest = unsafe UnsafeRawBufferPointer(rebasing: $0[done...])
          guard let offset else { return try unsafe file.file.write(rest, retryOnInterrupt: true) }
          return try unsafe file.file.write(
            toAbsoluteOffset: Int64(offset + done), rest, retryOnInterrupt: true)
        }
      } catch {
        throw Errno(rawValue: error.code)
      }
    }
  }

  /// Appends all bytes of one open file to another, which may be a stream.
  func copy(
    _ from: borrowing Descriptor, to file: borrowing Descriptor, _ path: FilePath
  ) throws(Errno) {
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    var position: Int64 = 0
    while true {
      let count: Int
      do {
        count = try unsafe buffer.withUnsafeMutableBytes {
          try unsafe from.file.read(
            fromAbsoluteOffset: position, into: $0, retryOnInterrupt: true)
        }
      } catch {
        throw Errno(rawValue: error.code)
      }
      guard count > 0 else { return }
      try unsafe write(all: buffer.span.bytes.extracting(0..<count), to: file, at: nil, path)
      position += Int64(count)
    }
  }

  /// Waits until a file's bytes are on the disk.
  func flush(_ file: borrowing Descriptor, _ path: FilePath) throws(Errno) {
    let number = file.file.rawValue
    try unsafe make(.flush, path) { _ in fsync(number) }
  }

  /// Gives a file its size and the disk's blocks.
  func reserve(_ file: borrowing Descriptor, _ size: Int, _ path: FilePath) throws(Errno) {
    let number = file.file.rawValue
    try unsafe make(.reserve, path) { _ in albertkit_reserve(number, Int64(size)) }
  }

  /// Waits until the names in a folder are on the disk.
  ///
  /// A file system that cannot do so, or a folder that may be written but not read, has made its own
  /// choice.
  func flushFolder(_ folder: FilePath) throws(Errno) {
    do throws(Errno) {
      let number = try unsafe make(.flushFolder, folder) {
        unsafe open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      }
      let descriptor = Descriptor(owning: FileDescriptor(rawValue: number))
      guard fsync(descriptor.file.rawValue) == 0 else { throw Errno(rawValue: errno) }
    } catch {
      let isChoice: [Errno] = [
        .invalidArgument, .notSupported, .noFunction, .permissionDenied, .notPermitted,
        .badFileDescriptor,
      ]
      if !isChoice.contains(error) { throw error }
    }
  }

  /// Locks an open file or folder against other processes; `wouldBlock` where one of them has it.
  func lock(_ file: borrowing Descriptor, _ path: FilePath) throws(Errno) {
    let number = file.file.rawValue
    try unsafe make(.lock, path) { _ in flock(number, LOCK_EX | LOCK_NB) }
  }
}

/// Calls whose names the methods above hide.
private enum SystemCall {
  static func rename(_ from: UnsafePointer<CChar>, _ target: UnsafePointer<CChar>) -> Int32 {
    unsafe AlbertPlatform.rename(from, target)
  }

  static func unlink(_ path: UnsafePointer<CChar>) -> Int32 {
    unsafe AlbertPlatform.unlink(path)
  }
}

extension Errno {
  /// Whether a file system that lacks a call or one of its flags answers so.
  ///
  /// Some say that it is not permitted (FAT, exFAT and some FUSE systems, of hard links); where that is
  /// meant, the plain call says it too.
  var isMissingFeature: Bool {
    switch self {
    case .invalidArgument, .noFunction, .notSupported, .notPermitted, .improperLink: true
    default: self == .notSupportedOnSocket
    }
  }
}
