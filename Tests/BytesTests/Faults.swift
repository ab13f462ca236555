import Synchronization
import SystemPackage

@testable import AlbertBytes

/// Lets the system calls of outputs fail.
final class Faults: Sendable {
  private let count = Mutex(0)
  private let lacking: Set<FileSystemCalls.Call>
  private let step: Int
  private let isDeadly: Bool

  /// Calls of the kinds `lacking` fail as on a file system without them; the call number `step` fails
  /// as on a broken disk, and if `isDeadly` all that follow, so that no cleaning up is done either.
  init(at step: Int = .max, isDeadly: Bool = false, lacking: Set<FileSystemCalls.Call> = []) {
    self.step = step
    self.isDeadly = isDeadly
    self.lacking = lacking
  }

  /// Whether the call that was to fail was made.
  var wasReached: Bool { count.withLock { $0 } >= step }

  /// Runs `body` with the faults.
  func inject<R>(_ body: () throws -> R) rethrows -> R {
    try FileSystemCalls.$current.withValue(calls, operation: body)
  }

  private var calls: FileSystemCalls {
    FileSystemCalls { call, _ in
      let number = self.count.withLock { count in
        count += 1
        return count
      }
      if self.isDeadly ? number >= self.step : number == self.step { return .ioError }
      guard self.lacking.contains(call) else { return nil }
      return call == .hardLink || call == .linkNameless ? .notPermitted : .invalidArgument
    }
  }

  /// File systems by what they lack: none of it, FUSE and NFS, FAT, and all of it.
  static let fileSystems: [Set<FileSystemCalls.Call>] = [
    [], [.exchange, .renameNew, .openNameless], [.hardLink, .linkNameless],
    [.exchange, .renameNew, .openNameless, .hardLink, .linkNameless, .lock, .flushFolder],
  ]
}
