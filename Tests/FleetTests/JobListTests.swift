import AlbertBytes
import AlbertFleet
import AlbertTestSupport
import Testing

/// How lines of a list become conversions.
@Suite struct JobListTests {
  private static func jobs(_ lines: String...) throws -> [JobList.Job] {
    try JobList(lines.map { Array($0.utf8)[...] }, list: "list", into: "out", ending: ".albert")
      .jobs
  }

  @Test(arguments: [
    ("albert_base/model.ckpt-best", "albert_base.albert"),
    ("a/b/model.safetensors", "b.albert"),
    ("a/large.weights.h5", "large.albert"),
    ("a/large.onnx", "large.albert"),
    ("/models/albert-base-v2/", "albert-base-v2.albert"),
    ("cache/models--org--name/snapshots/0123", "org--name.albert"),
    ("org/name", "name.albert"),
    ("model.safetensors", "model.albert"),
  ])
  func outputsAreNamedByTheirSources(_ source: String, _ name: String) throws {
    #expect(try Self.jobs(source).first?.output.string == "out/\(name)")
  }

  @Test func aLineMayNameItsOutput() throws {
    let jobs = try Self.jobs("# a comment", "", "a b/model.pt\tfirst.onnx", "c")
    #expect(jobs.map(\.source.string) == ["a b/model.pt", "c"])
    #expect(jobs.map(\.output.string) == ["out/first.onnx", "out/c.albert"])
  }

  @Test(arguments: ["a\t../b", "a\t/etc/x", "a\tx/y", "a\tb\tc", "a\t", "a\t..", "a\0b"])
  func noNameLeadsOutOfTheFolder(_ line: String) {
    #expect(failure { try Self.jobs(line) }.contains("line 1 is no source"))
  }

  /// Paths are bytes, whether they are a text or not.
  @Test func bytesStayAsTheyAre() throws {
    let line = Array("caf".utf8) + [0xE9] + Array("/m".utf8) + [0xFF] + Array(".pt".utf8)
    let jobs = try JobList([line[...]], list: "list", into: "out", ending: ".albert").jobs
    #expect(jobs.first?.source.bytes == line)
    #expect(jobs.first?.output.bytes == Array("out/m".utf8) + [0xFF] + Array(".albert".utf8))
    let text = Array("a\r\n\nb".utf8) + [0xFF, 0x0A]
    #expect(text.lines.map(Array.init) == [[0x61], [], [0x62, 0xFF]])
  }

  @Test func twoOutputsOfOneNameAreRefused() {
    #expect(
      failure { try Self.jobs("a/x.pt", "b/x.h5") }
        .contains("lines 1 and 2 both write 'x.albert'"))
  }
}
