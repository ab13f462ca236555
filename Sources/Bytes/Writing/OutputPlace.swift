internal import AlbertPlatform
package import SystemPackage

/// Where an output goes: what stands at its path decides how it is written.
///
/// Every output follows one rule. A file is replaced in one step, and wants permission for it; a link
/// keeps pointing, and what it points to is replaced or made; what is not a file, such as a pipe, a
/// terminal or an open descriptor, is written through; a disk is refused.
package struct OutputPlace: Sendable {
  /// What stands at a path.
  package enum Kind: Equatable, Sendable {
    /// Nothing, or a link to nothing.
    case nothing
    /// A file.
    case file
    /// A folder.
    case folder
    /// A pipe, a device or a socket.
    case special
    /// A descriptor of this process, such as `/dev/stdout` names.
    case descriptor(Int32)
  }

  /// The path as it was given.
  package let path: FilePath
  /// The path of what stands there, or will: `path` unless that is a link.
  package let target: FilePath
  /// What stands there.
  package let kind: Kind

  /// Whether what is written there flows on and cannot be read again.
  package var isStream: Bool {
    switch kind {
    case .special, .descriptor: true
    case .nothing, .file, .folder: false
    }
  }

  /// Whether that is this process's standard output.
  package var isStandardOutput: Bool { kind == .descriptor(STDOUT_FILENO) }

  /// The most links that lead from one to the next, as the kernel counts them.
  private static let maxLinks = 40

  /// Looks what stands at `path`.
  ///
  /// Throws where that is a disk, a descriptor that is not open, a ring of links, or no path at all.
  package init(_ path: FilePath) throws(FileError) {
    guard !path.isEmpty else {
      throw FileError(
        "", .rejected(code: "no-name", message: "the output's path is empty"),
        remedy: "name a file or a folder")
    }
    var target = path
    for _ in 0...Self.maxLinks {
      if let number = Self.descriptor(target) {
        guard fcntl(number, F_GETFL) >= 0 else {
          throw Self.failure(path, "write to descriptor \(number)", errno)
        }
        self.init(path, target, .descriptor(number))
        return
      }
      let status: Stat
      do {
        status = try target.stat(followTargetSymlink: false)
      } catch {
        guard error == .noSuchFileOrDirectory || error == .notDirectory else {
          throw Self.failure(path, "look what is there", error.rawValue)
        }
        self.init(path, target, .nothing)
        return
      }
      guard status.type == .symbolicLink else {
        try self.init(path, target, status.type)
        return
      }
      guard let next = target.destination else {
        throw Self.failure(path, "follow the link", errno)
      }
      target = folder(of: target).pushing(next)
    }
    throw Self.failure(path, "follow the link", ELOOP)
  }

  private init(_ path: FilePath, _ target: FilePath, _ kind: Kind) {
    self.path = path
    self.target = target
    self.kind = kind
  }

  private init(_ path: FilePath, _ target: FilePath, _ type: FileType) throws(FileError) {
    switch type {
    case .regular: self.init(path, target, .file)
    // Under its own name, of which `.` and `..` have none.
    case .directory: self.init(path, target.resolved ?? target, .folder)
    case .blockSpecial:
      throw FileError(
        path.string, .wrongKind(expected: "a file", found: "a disk (block device)"),
        remedy: "name another output: what is on a disk would be lost")
    default: self.init(path, target, .special)
    }
  }

  /// The descriptor of this process that a path stands for; nil for any other path.
  ///
  /// The usual names are known by heart, since there may be no `/proc` to ask.
  private static func descriptor(_ path: FilePath) -> Int32? {
    switch path.string {
    case "/dev/stdin": return STDIN_FILENO
    case "/dev/stdout": return STDOUT_FILENO
    case "/dev/stderr": return STDERR_FILENO
    default: break
    }
    guard let name = path.lastComponent?.string, let number = Int32(name), number >= 0 else {
      return nil
    }
    let own = ["/dev/fd", "/proc/self/fd", "/proc/thread-self/fd", "/proc/\(getpid())/fd"]
    let parent = path.removingLastComponent()
    if own.contains(parent.string) { return number }
    return parent.resolved.map { own.contains($0.string) } == true ? number : nil
  }

  private static func failure(_ path: FilePath, _ operation: String, _ code: Int32) -> FileError {
    FileError(path.string, .system(operation: operation, errno: code))
  }
}

extension FilePath {
  /// What a link says; nil for what is none.
  var destination: FilePath? {
    var text = [CInterop.PlatformChar](repeating: 0, count: Int(PATH_MAX) + 1)
    let count = unsafe withPlatformString { name in
      unsafe text.withUnsafeMutableBufferPointer {
        unsafe $0.baseAddress.map { unsafe readlink(name, $0, Int(PATH_MAX)) } ?? -1
      }
    }
    guard count > 0 else { return nil }
    return unsafe text.withUnsafeBufferPointer {
      unsafe $0.baseAddress.map { unsafe FilePath(platformString: $0) }
    }
  }
}

extension OutputPlace {
  /// A descriptor that what is written through goes to.
  ///
  /// A pipe is waited for until somebody reads it.
  func openStream() throws(FileError) -> Descriptor {
    let number: Int32
    switch kind {
    case .descriptor(let own): number = fcntl(own, F_DUPFD_CLOEXEC, 3)
    case .special, .nothing, .file, .folder:
      number = unsafe target.withPlatformString {
        unsafe open($0, O_WRONLY | O_CLOEXEC | O_NOCTTY)
      }
    }
    guard number >= 0 else {
      throw Self.failure(path, "open what is there", errno)
    }
    return Descriptor(owning: FileDescriptor(rawValue: number))
  }
}
