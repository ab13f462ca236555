internal import AlbertBytes
internal import AlbertPlatform
internal import CAlbertPlatform
internal import SystemPackage

/// Starting and ending a worker process.
enum HDF5Spawn {
  /// Starts `executable` with `input` as its standard input and returns it and what it writes.
  ///
  /// It gets no other descriptor, and of the environment only where libraries lie.
  static func start(
    _ executable: FilePath, _ arguments: [String], input: Int32
  ) throws(Errno) -> (pid_t, FileDescriptor) {
    let (output, target) = try ChildProcess.pipe()
    defer { try? target.close() }
    do throws(Errno) {
      // The worker must end when it is told to, whatever its parent ignores or blocks; what a crashing
      // library prints is not a message of this tool's.
      let process = try ChildProcess.start(
        executable, arguments.map { Array($0.utf8) }, environment: environment, input: input,
        output: target.rawValue, signals: .allEnd)
      return (process, output)
    } catch {
      try? output.close()
      throw error
    }
  }

  /// Kills a process where it still runs, waits for its end and returns its status.
  static func end(_ process: pid_t) -> Int32 {
    var status: Int32 = 0
    // A process that ended by itself keeps its own status; one that somebody else has waited for
    // must not be signalled, as its number may be another's by now.
    var result = unsafe waitpid(process, &status, WNOHANG)
    if result == 0 {
      kill(process, SIGKILL)
      repeat { result = unsafe waitpid(process, &status, 0) } while result < 0 && errno == EINTR
    }
    return result == process ? status : 0
  }

  private static var environment: [[UInt8]] {
    // A crash is an answer like any other; nobody reads a backtrace of it.
    var result = ["SWIFT_BACKTRACE=enable=no", "HDF5_PLUGIN_PRELOAD=::"].map { Array($0.utf8) }
    for name in ["LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"] {
      if let value = unsafe getenv(name) {
        unsafe result.append(Array("\(name)=".utf8) + [UInt8](cString: value))
      }
    }
    return result
  }
}
