import AlbertTestSupport
import Testing

@testable import AlbertReports

/// How far long work is, in words.
@Suite struct ProgressTests {
  private func progress(
    _ done: Int, _ total: Int, _ unit: ProgressUnit = .bytes, after seconds: Double
  ) -> PhaseProgress {
    PhaseProgress(
      label: "converting", done: done, total: total, unit: unit, elapsed: .seconds(seconds))
  }

  @Test func bytesHaveAPace() {
    #expect(
      progress(50_000_000, 200_000_000, after: 2).line == "converting 25%, 25.0 MB/s, 0:06 left")
  }

  @Test func otherWorkHasThePaceOfWhatItCounts() {
    #expect(
      progress(1, 2, .items("models"), after: 70).line
        == "converting 50%, 0.9 models/min, 1:10 left")
    #expect(
      progress(10, 20, .items("layers"), after: 4).line == "converting 50%, 2.5 layers/s, 0:04 left"
    )
    #expect(
      progress(5_000_000, 10_000_000, .multiplications, after: 2).line
        == "converting 50%, 5.0 GFLOP/s, 0:02 left")
    #expect(progress(1, 100, .share, after: 100).line == "converting 1%, 2:45:00 left")
  }

  /// Each engine's forward passes are a phase of their own, whose time is told once.
  @Test func phasesOfAVerificationHaveTheirPace() throws {
    let scratch = try Scratch()
    let sample = PackageFiles.root.appending("samples/tiny-tf1").string
    let run = try Tool.run("verify", sample, "--against", sample, "--verbose", in: scratch)
    #expect(run.status == 0)
    for phase in ["loading", "comparing", "forward reference", "forward fast"] {
      let lines = run.errors.split(separator: "\n").filter {
        $0.hasPrefix("albert: \(phase) took ")
      }
      #expect(lines.count == 1, "\(phase): \(run.errors)")
    }
    #expect(run.errors.contains(" GFLOP/s"))
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
