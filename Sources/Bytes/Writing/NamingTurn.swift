internal import AlbertPlatform
internal import SystemPackage

/// The turn to name several files in a folder: one process at a time, so that files of two runs to one
/// target are never mixed.
final class NamingTurn: Sendable {
  private let folder: Descriptor

  private init(_ folder: consuming Descriptor) { self.folder = folder }

  /// How often the turn is asked for, and the microseconds between: five seconds, since somebody else's
  /// program may hold the folder for as long as it likes.
  private static let tries = 250
  private static let pause: UInt32 = 20_000

  /// Waits for the turn in `folder`; nil where it does not come, or the file system knows no locks.
  static func take(in folder: FilePath, _ calls: FileSystemCalls) -> NamingTurn? {
    let path = folder.orCurrentFolder
    guard
      let file = try? FileDescriptor.open(path, .readOnly, options: [.directory, .closeOnExec])
    else { return nil }
    let descriptor = Descriptor(owning: file)
    for _ in 0..<tries {
      do throws(Errno) {
        try calls.lock(descriptor, path)
        return NamingTurn(descriptor)
      } catch {
        guard error == .wouldBlock else { return nil }
      }
      usleep(pause)
    }
    return nil
  }
}
