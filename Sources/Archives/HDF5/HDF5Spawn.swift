internal import AlbertBytes
internal import AlbertPlatform
internal import CAlbertPlatform
internal import SystemPackage

#if os(Linux)
  private typealias SpawnAttributes = posix_spawnattr_t
#else
  private typealias SpawnAttributes = posix_spawnattr_t?
#endif

/// Starting and ending a worker process.
enum HDF5Spawn {
  /// Starts `executable` with `input` as its standard input and returns it and what it writes.
  ///
  /// It gets no other descriptor, and of the environment only where libraries lie.
  static func start(
    _ executable: FilePath, _ arguments: [String], input: Int32
  ) throws(Errno) -> (pid_t, FileDescriptor) {
    let (output, target) = try pipe()
    defer { try? target.close() }
    do throws(Errno) {
      return (try spawn(executable, arguments, input: input, output: target.rawValue), output)
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

  private static func pipe() throws(Errno) -> (FileDescriptor, FileDescriptor) {
    var ends: [Int32] = [-1, -1]
    guard unsafe albertkit_pipe(&ends) == 0 else { throw Errno(rawValue: errno) }
    // A host that closed its standard streams gets their numbers, which the worker's take.
    for index in 0..<2 where ends[index] < 3 {
      let moved = fcntl(ends[index], F_DUPFD_CLOEXEC, 3)
      _ = close(ends[index])
      ends[index] = moved
    }
    return (FileDescriptor(rawValue: ends[0]), FileDescriptor(rawValue: ends[1]))
  }

  private static func spawn(
    _ executable: FilePath, _ arguments: [String], input: Int32, output: Int32
  ) throws(Errno) -> pid_t {
    #if os(Linux)
      var actions = unsafe posix_spawn_file_actions_t()
      var attributes = SpawnAttributes()
    #else
      var actions: posix_spawn_file_actions_t? = nil
      var attributes: SpawnAttributes = nil
    #endif
    guard unsafe posix_spawn_file_actions_init(&actions) == 0 else { throw .noMemory }
    defer { unsafe _ = posix_spawn_file_actions_destroy(&actions) }
    guard unsafe posix_spawnattr_init(&attributes) == 0 else { throw .noMemory }
    defer { unsafe _ = posix_spawnattr_destroy(&attributes) }

    let flags = Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK)
    // What a crashing library prints is not a message of this tool's, so it goes nowhere.
    let prepared = unsafe [
      posix_spawn_file_actions_adddup2(&actions, input, 0),
      posix_spawn_file_actions_adddup2(&actions, output, 1),
      posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0),
      posix_spawnattr_setflags(&attributes, flags), defaultSignals(&attributes),
    ]
    guard let failed = prepared.first(where: { $0 != 0 }) else {
      var process: pid_t = 0
      let status = unsafe withCStrings(([executable.string] + arguments).map { Array($0.utf8) }) {
        arguments in
        unsafe withCStrings(environment) { environment in
          unsafe executable.withPlatformString { executable in
            unsafe posix_spawn(
              &process, executable, &actions, &attributes, arguments, environment)
          }
        }
      }
      guard status == 0 else { throw Errno(rawValue: status) }
      return process
    }
    throw Errno(rawValue: failed)
  }

  /// The worker must end when it is told to, whatever its parent ignores or blocks.
  private static func defaultSignals(_ attributes: inout SpawnAttributes) -> Int32 {
    var all = sigset_t()
    var none = sigset_t()
    unsafe sigfillset(&all)
    unsafe sigemptyset(&none)
    let result = unsafe posix_spawnattr_setsigdefault(&attributes, &all)
    return unsafe result != 0 ? result : posix_spawnattr_setsigmask(&attributes, &none)
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

  private static func withCStrings<Result>(
    _ strings: [[UInt8]], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let pointers =
      unsafe strings.map { string in
        unsafe strdup(string.map { CChar(bitPattern: $0) } + [0])
      } + [nil]
    defer { for index in unsafe pointers.indices { unsafe free(pointers[index]) } }
    return unsafe body(pointers)
  }
}
