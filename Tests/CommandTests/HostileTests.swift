import AlbertBytes
import AlbertPlatform
import AlbertTestSupport
import Testing

/// The small share of `make hostile`: faults at every system call that changes something while a
/// folder among the user's own files is replaced, and a few cases of other kinds.
struct HostileTests {
  private static let kinds = "syscalls moments races disk outputs changing limits flips mutations"

  @Test(.enabled(if: isPossible, "needs Linux, Python 3 and a C compiler"))
  func theUsersFilesOutliveEveryFault() throws {
    let script = PackageFiles.root.appending("Tests/Hostile/hostile.py")
    let command =
      "python3 '\(script.string)' '\(Tool.path.string)' --small "
      + "--kind \(Self.kinds) 2>&1"
    guard let pipe = unsafe popen(command, "r") else {
      throw FileError(script.string, .system(operation: "start the suite", errno: errno))
    }
    var bytes: [UInt8] = []
    var byte = unsafe fgetc(pipe)
    while byte != EOF {
      bytes.append(UInt8(truncatingIfNeeded: byte))
      byte = unsafe fgetc(pipe)
    }
    let status = unsafe pclose(pipe)
    let output = String(decoding: bytes, as: UTF8.self)
    #expect(status == 0, "\(output)")
    // The last row counts the cases of all kinds.
    let total = try #require(output.split(separator: "\n").last { $0.hasPrefix("| all |") })
    let cases = try #require(Int(total.split(separator: "|")[1].filter(\.isNumber)))
    #expect(cases >= 150)
  }

  private static var isPossible: Bool {
    #if os(Linux)
      unsafe system("python3 -c '' && { command -v clang || command -v cc; } >/dev/null 2>&1") == 0
    #else
      false
    #endif
  }
}
