internal import AlbertBytes
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
    let (reading, writing) = try ChildProcess.pipe()
    defer { try? reading.close() }
    let process: pid_t
    do {
      defer { try? writing.close() }
      process = try ChildProcess.start(
        program, arguments, environment: environment(setting), output: writing.rawValue)
    }
    let output = taken(from: reading.rawValue, of: process, isCancelled)
    var status: Int32 = 0
    while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
    // The exit code is the second byte of what wait returns, a signal's number the first.
    let signal = status & 0x7F
    return Ending(status: signal == 0 ? status >> 8 & 0xFF : 128 + signal, output: output)
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
}
