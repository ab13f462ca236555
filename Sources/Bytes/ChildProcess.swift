internal import AlbertPlatform
internal import CAlbertPlatform
package import SystemPackage

#if os(Linux)
  private typealias SpawnAttributes = posix_spawnattr_t
#else
  private typealias SpawnAttributes = posix_spawnattr_t?
#endif

/// Starting another program.
package enum ChildProcess {
  /// What the program does with signals; it blocks none.
  package enum Signals: Sendable {
    /// It ignores those that this process ignores.
    case asHere
    /// It ends by each that ends a program.
    case allEnd
  }

  /// A pipe whose ends no child inherits.
  package static func pipe() throws(Errno) -> (reading: FileDescriptor, writing: FileDescriptor) {
    var ends: [Int32] = [-1, -1]
    guard unsafe albertkit_pipe(&ends) == 0 else { throw Errno(rawValue: errno) }
    // A host that closed its standard streams gets their numbers, which the child's take.
    for index in 0..<2 where ends[index] < 3 {
      let moved = fcntl(ends[index], F_DUPFD_CLOEXEC, 3)
      _ = close(ends[index])
      ends[index] = moved
    }
    return (FileDescriptor(rawValue: ends[0]), FileDescriptor(rawValue: ends[1]))
  }

  /// Starts `executable`, which gets `input` (nothing where it is nil) and `output` as its standard
  /// streams and no other descriptor; what it says of errors goes nowhere.
  ///
  /// The first of `arguments` follows the program's own name.
  package static func start(
    _ executable: FilePath, _ arguments: [[UInt8]], environment: [[UInt8]], input: Int32? = nil,
    output: Int32, signals: Signals = .asHere
  ) throws(Errno) -> Int32 {
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
    let streams =
      if let input {
        unsafe posix_spawn_file_actions_adddup2(&actions, input, 0)
      } else {
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
      }
    let prepared = unsafe [
      streams, posix_spawn_file_actions_adddup2(&actions, output, 1),
      posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0),
      set(signals, &attributes),
    ]
    if let failed = prepared.first(where: { $0 != 0 }) { throw Errno(rawValue: failed) }
    var process: pid_t = 0
    let status = unsafe withCStrings([executable.bytes] + arguments) { arguments in
      unsafe withCStrings(environment) { environment in
        unsafe executable.withPlatformString {
          unsafe posix_spawn(&process, $0, &actions, &attributes, arguments, environment)
        }
      }
    }
    guard status == 0 else { throw Errno(rawValue: status) }
    return process
  }

  /// The threads that start programs may take no signals; the programs do.
  private static func set(_ signals: Signals, _ attributes: inout SpawnAttributes) -> Int32 {
    var flags = POSIX_SPAWN_SETSIGMASK
    var none = sigset_t()
    unsafe sigemptyset(&none)
    var result = unsafe posix_spawnattr_setsigmask(&attributes, &none)
    if result == 0, signals == .allEnd {
      var all = sigset_t()
      unsafe sigfillset(&all)
      flags |= POSIX_SPAWN_SETSIGDEF
      result = unsafe posix_spawnattr_setsigdefault(&attributes, &all)
    }
    return unsafe result != 0 ? result : posix_spawnattr_setflags(&attributes, Int16(flags))
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
