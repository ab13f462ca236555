internal import AlbertPlatform
internal import SystemPackage

/// A hidden name beside an output, which says to whose work it belongs and what may become of it.
///
/// `.NAME.DIGEST-RANDOM.ROLE`: the beginning of the output's name for those who look, a digest of the
/// whole name for those who search, and a number of its own. It fits whatever length the name has.
struct HiddenName {
  /// What lies under a hidden name.
  enum Role: String, CaseIterable {
    /// A file or folder that is being made. It holds no only copy of anything, and may be removed.
    case part
    /// The folder that a new one takes the place of, or briefly the new one, complete. It may be
    /// removed once the output stands and has the files in it that are not the model's.
    case old
    /// A folder with the files that new ones of the same names take the place of, the output itself
    /// among them. It may be removed once the output stands; until then they go back.
    case pair
  }

  /// Its path.
  let path: FilePath
  /// What lies there.
  let role: Role

  /// A name that nothing has.
  init(_ role: Role, beside target: FilePath) {
    let random = Self.hexadecimal(UInt32.random(in: 0 ... .max))
    path = folder(of: target).appending(Self.start(target) + random + "." + role.rawValue)
    self.role = role
  }

  private init?(_ component: FilePath.Component, start: String, in folder: FilePath) {
    let name = component.string
    guard name.hasPrefix(start) else { return nil }
    let parts = name.dropFirst(start.count).split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].utf8.count == 8, UInt32(parts[0], radix: 16) != nil,
      let role = Role(rawValue: String(parts[1]))
    else { return nil }
    path = folder.appending(component)
    self.role = role
  }

  /// What work on the same output made and has not removed.
  static func all(beside target: FilePath) -> [HiddenName] {
    let start = start(target)
    let folder = folder(of: target)
    return ((try? Folder.entries(in: folder)) ?? []).compactMap {
      HiddenName($0, start: start, in: folder)
    }
  }

  /// Bytes of the output's name that are shown; some file systems end names at 143.
  private static let shownBytes = 80

  private static func start(_ target: FilePath) -> String {
    let name = target.lastComponent?.string ?? "output"
    var shown = ""
    for character in name {
      guard shown.utf8.count + String(character).utf8.count <= shownBytes else { break }
      shown.append(character)
    }
    return ".\(shown).\(hexadecimal(digest(target)))-"
  }

  /// A digest of the name as the file system has it.
  private static func digest(_ target: FilePath) -> UInt32 {
    guard let component = target.lastComponent else { return 0 }
    let bytes = unsafe component.withPlatformString { name in
      unsafe Array(UnsafeRawBufferPointer(start: name, count: strlen(name)))
    }
    return unsafe UInt32(truncatingIfNeeded: XXH3Digest.of(bytes.span.bytes).low)
  }

  private static func hexadecimal(_ value: UInt32) -> String {
    String(UInt64(value), radix: 16, digits: 8)
  }
}

/// The folder that holds `path`, as something that can be opened.
func folder(of path: FilePath) -> FilePath {
  path.removingLastComponent().orCurrentFolder
}

/// What tells others that a process still works on a hidden file.
final class HiddenLock: Sendable {
  private let file: Descriptor

  private init(_ file: consuming Descriptor) { self.file = file }

  /// Locks what has a hidden name; nil where the file system knows no locks.
  ///
  /// Throws `wouldBlock` where somebody else has it, or the name is gone.
  static func take(_ path: FilePath, _ calls: FileSystemCalls) throws(Errno) -> HiddenLock? {
    let options: FileDescriptor.OpenOptions = [.noFollow, .nonBlocking, .closeOnExec]
    let file: FileDescriptor
    do {
      file = try FileDescriptor.open(path, .readOnly, options: options, retryOnInterrupt: true)
    } catch {
      let code = Errno(rawValue: error.code)
      throw code == .noSuchFileOrDirectory ? .wouldBlock : code
    }
    let descriptor = Descriptor(owning: file)
    do throws(Errno) {
      try calls.lock(descriptor, path)
    } catch {
      if error == .wouldBlock { throw error }
      return nil
    }
    guard holds(descriptor, path) else { throw .wouldBlock }
    return HiddenLock(descriptor)
  }

  /// Locks a file that this process has just made; false where somebody took it for a leftover.
  ///
  /// Where there are no locks, nobody takes it for one.
  static func mark(
    _ file: borrowing Descriptor, _ path: FilePath, _ calls: FileSystemCalls
  ) -> Bool {
    do throws(Errno) {
      try calls.lock(file, path)
    } catch {
      if error == .wouldBlock { return false }
    }
    return holds(file, path)
  }

  /// Whether the name still stands for the open file.
  private static func holds(_ file: borrowing Descriptor, _ path: FilePath) -> Bool {
    guard let open = try? file.file.stat(), let named = path.ownStatus else { return false }
    return FileIdentity(open).isSameFile(as: FileIdentity(named))
  }
}
