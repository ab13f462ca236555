internal import AlbertPlatform
internal import CAlbertPlatform
package import SystemPackage

/// A run of a program whose standard output is taken.
package enum Process {
  /// How a run ended.
  package struct Ending: Sendable {
    /// The exit code; 128 and the signal's number where one ended it.
    package let status: Int32
    /// What it printed.
    package let output: [UInt8]
  }

  /// The most bytes that are kept of what it prints.
  private static let most = 64 << 20

  /// Runs `program` to its end; where `isCancelled` says so, the process is told to end (SIGTERM).
  ///
  /// It gets this process's environment with `setting` in place of a variable of that name. Throws what
  /// hinders starting it.
  package static func run(
    _ program: FilePath, _ arguments: [[UInt8]], setting: (name: String, value: String),
    isCancelled: () -> Bool
  ) throws(Errno) -> Ending {
    var ends: [Int32] = [-1, -1]
    guard unsafe albertkit_pipe(&ends) == 0 else { throw Errno(rawValue: errno) }
    let reading = FileDescriptor(rawValue: ends[0])
    defer { try? reading.close() }
    let process: pid_t
    do {
      defer { _ = close(ends[1]) }
      process = try start(program, arguments, setting, output: ends[1])
    }
    let output = taken(from: ends[0], of: process, isCancelled)
    var status: Int32 = 0
    while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
    // The exit code is the second byte of what wait returns, a signal's number the first.
    let signal = status & 0x7F
    return Ending(status: signal == 0 ? status >> 8 & 0xFF : 128 + signal, output: output)
  }

  private static func start(
    _ program: FilePath, _ arguments: [[UInt8]], _ setting: (name: String, value: String),
    output: Int32
  ) throws(Errno) -> pid_t {
    #if os(Linux)
      var actions = unsafe posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #else
      var actions: posix_spawn_file_actions_t? = nil
      var attributes: posix_spawnattr_t? = nil
    #endif
    guard unsafe posix_spawn_file_actions_init(&actions) == 0 else { throw .noMemory }
    defer { unsafe _ = posix_spawn_file_actions_destroy(&actions) }
    guard unsafe posix_spawnattr_init(&attributes) == 0 else { throw .noMemory }
    defer { unsafe _ = posix_spawnattr_destroy(&attributes) }
    // The threads that start processes take no signals; the processes do.
    var none = sigset_t()
    unsafe sigemptyset(&none)
    let prepared = unsafe [
      posix_spawnattr_setsigmask(&attributes, &none),
      posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK)),
      posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0),
      posix_spawn_file_actions_adddup2(&actions, output, 1),
      posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0),
    ]
    if let failed = prepared.first(where: { $0 != 0 }) { throw Errno(rawValue: failed) }
    var process: pid_t = 0
    let status = unsafe withCStrings([program.bytes] + arguments) { arguments in
      unsafe withCStrings(environment(setting)) { environment in
        unsafe program.withPlatformString {
          unsafe posix_spawn(&process, $0, &actions, &attributes, arguments, environment)
        }
      }
    }
    guard status == 0 else { throw Errno(rawValue: status) }
    return process
  }

  /// All that comes through a pipe until its other end is closed.
  private static func taken(
    from descriptor: Int32, of process: pid_t, _ isCancelled: () -> Bool
  ) -> [UInt8] {
    var bytes: [UInt8] = []
    var window = [UInt8](repeating: 0, count: 1 << 16)
    var isTold = false
    while true {
      if !isTold, isCancelled() {
        _ = kill(process, SIGTERM)
        isTold = true
      }
      var event = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let ready = unsafe poll(&event, 1, 200)
      if ready == 0 || ready < 0 && errno == EINTR { continue }
      let count = unsafe window.withUnsafeMutableBytes {
        unsafe read(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0, errno == EINTR { continue }
      if count <= 0 { return bytes }
      if bytes.count < most { bytes += window[..<count] }
    }
  }

  private static func environment(_ setting: (name: String, value: String)) -> [[UInt8]] {
    var all: [[UInt8]] = []
    var index: Int32 = 0
    while let variable = unsafe albertkit_environment(index) {
      all.append(unsafe [UInt8](cString: variable))
      index += 1
    }
    let name = Array("\(setting.name)=".utf8)
    return all.filter { !$0.starts(with: name) } + [name + Array(setting.value.utf8)]
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

extension FilePath {
  /// The bytes of the path.
  var bytes: [UInt8] { unsafe withPlatformString { unsafe [UInt8](cString: $0) } }
}
