import AlbertTestSupport
import SystemPackage
import Testing

/// Limits that the system sets end in an answer or in an error with a remedy that works, and soon.
@Suite struct LimitTests {
  private static let sample = PackageFiles.root.appending("samples/tiny-tf1").string

  private func run(_ limit: String, _ arguments: String, in scratch: Scratch) throws -> Tool.Run {
    try Tool.shell(
      "ulimit \(limit); model='\(Self.sample)'; timeout -s KILL 60 \"$albert\" \(arguments) >/dev/null",
      in: scratch)
  }

  @Test(arguments: ["run \"$model\"", "verify \"$model\" --against \"$model\""])
  func littleMemoryEndsInAnErrorThatSaysHowMuchIsNeeded(_ command: String) throws {
    let scratch = try Scratch()
    for limit in stride(from: 200_000, through: 450_000, by: 50_000) {
      let run = try run("-v \(limit)", command, in: scratch)
      #expect(run.status == 0 || run.status == 2, "\(limit) kB: \(run.status) \(run.errors)")
      guard run.status == 2, let stated = run.errors.firstRange(of: "(ulimit -v) to ") else {
        continue
      }
      let needed = run.errors[stated.upperBound...].prefix(while: \.isNumber)
      #expect(try self.run("-v \(needed)", command, in: scratch).status == 0, "\(run.errors)")
    }
  }

  @Test func conversionsNeedNoMoreThanTheSystemGives() throws {
    let scratch = try Scratch()
    for limit in [200_000, 300_000] {
      let run = try run("-v \(limit)", "convert \"$model\" \"$d/\(limit).albert\"", in: scratch)
      #expect(run.status == 0 || run.status == 2, "\(limit) kB: \(run.status) \(run.errors)")
    }
  }

  /// The limit is one of the user's, whose other processes count; root has none.
  @Test func withoutThreadsOneCoreDoesTheWork() throws {
    let scratch = try Scratch()
    for command in [
      "inspect \"$model\" --stats", "run \"$model\" --engine reference", "run \"$model\"",
    ] {
      let run = try run("-u 1", command, in: scratch)
      #expect(run.status == 0 || run.status == 2, "\(command): \(run.status) \(run.errors)")
    }
  }

  /// A stack that Swift's runtime overruns by itself, also in the process that parses HDF5 files.
  @Test(arguments: [
    "--version", "inspect \"$model\"", "run \"$model\"", "run \"$model\" --engine reference",
    "convert \"$model\" \"$d/out-$(ulimit -s).onnx\"", "verify \"$model\" --against \"$model\"",
    "inspect \"$fixtures/publishers/two/keras3-preset-maskedlm\"",
    "run \"$fixtures/graphs/dynamo.onnx\" --engine graph",
  ]) func aSmallStackIsEnough(_ command: String) throws {
    let scratch = try Scratch()
    let fixtures = PackageFiles.fixtures.string
    for size in [64, 8192] {
      let run = try run("-s \(size); fixtures='\(fixtures)'", command, in: scratch)
      #expect(run.status == 0, "\(size) kB: \(run.status) \(run.errors)")
    }
  }
}
