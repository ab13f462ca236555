import AlbertTestSupport
import Testing

@testable import AlbertReports

/// How far long work is, in words.
@Suite struct ProgressTests {
  private func progress(
    _ done: Int, _ total: Int, bytes: Bool = true, after seconds: Double
  ) -> PhaseProgress {
    PhaseProgress(
      label: "converting", done: done, total: total, countsBytes: bytes, elapsed: .seconds(seconds))
  }

  @Test func bytesHaveAPace() {
    #expect(
      progress(50_000_000, 200_000_000, after: 2).line == "converting 25%, 25.0 MB/s, 0:06 left")
  }

  @Test func otherWorkHasATimeAlone() {
    #expect(progress(1, 2, bytes: false, after: 70).line == "converting 50%, 1:10 left")
    #expect(progress(1, 100, bytes: false, after: 100).line == "converting 1%, 2:45:00 left")
  }

  @Test func nothingIsGuessedFromNothing() {
    #expect(progress(0, 10, after: 5).line == "converting 0%")
    #expect(progress(1, Int.max, after: 1_000).line == "converting 0%, 0 B/s")
  }

  @Test func anUnknownStyleIsWrongUsage() throws {
    let scratch = try Scratch()
    let sample = PackageFiles.root.appending("samples/tiny-tf1").string
    let run = try Tool.run("run", sample, "--progress", "loud", in: scratch)
    #expect(run.status == 64)
    #expect(run.errors.contains("'bar', 'plain' or 'none'"))
    for style in ["bar", "plain", "none"] {
      let run = try Tool.run("run", sample, "--progress", style, in: scratch)
      #expect(run.status == 0)
      #expect(run.errors == "")
    }
  }
}
