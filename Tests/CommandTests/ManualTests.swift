import AlbertTestSupport
import Testing

/// The manual is what the tool says of itself.
@Suite struct ManualTests {
  private static func manual(_ arguments: String) throws -> Tool.Run {
    let scratch = try Scratch()
    return try Tool.shell(
      "python3 \"$(realpath '\(PackageFiles.root.string)')/Scripts/manual.py\" \(arguments)",
      in: scratch)
  }

  @Test func documentIsWhatTheCommandsSay() throws {
    let run = try Self.manual("check \"$albert\"")
    #expect(run.output == "")
    #expect(run.errors == "")
    #expect(run.status == 0)
  }

  @Test func everyCommandHasAPage() throws {
    let run = try Self.manual("man \"$albert\" \"$d/man\" && ls \"$d/man\"")
    #expect(run.errors == "")
    for command in ["", "-convert", "-inspect", "-verify", "-run", "-check", "-help"] {
      #expect(run.output.contains("albert\(command).1\n"))
    }
  }
}
