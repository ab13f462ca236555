internal import Synchronization
internal import SystemPackage

/// The hidden files and folders of outputs that this process has not finished.
///
/// A process that is told to end while it works removes them; see `removeAll(then:)`.
package enum Unfinished {
  private static let paths = Mutex<Set<FilePath>>([])

  /// Removes what this process has begun and not named, and calls `end`, which ends the process.
  ///
  /// Naming that is under way comes to its end before, and no other begins.
  package static func removeAll(then end: () -> Never) -> Never {
    paths.withLock { paths in
      for path in paths { FileSystemCalls().removeAll(path) }
      end()
    }
  }

  /// Notes a hidden file or folder.
  static func begin(_ path: FilePath) {
    paths.withLock { _ = $0.insert(path) }
  }

  /// Forgets one that was named or removed.
  static func end(_ path: FilePath) {
    paths.withLock { _ = $0.remove(path) }
  }

  /// Gives names; a process that is told to end waits for that.
  ///
  /// `path` is forgotten, since it is no longer what may be removed.
  static func naming<R, E: Error>(
    _ path: FilePath?, _ body: () throws(E) -> R
  ) throws(E) -> R {
    try paths.withLock { (paths) throws(E) -> R in
      if let path { paths.remove(path) }
      return try body()
    }
  }
}
