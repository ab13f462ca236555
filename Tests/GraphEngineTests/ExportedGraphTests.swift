import AlbertBytes
import AlbertGraphEngine
import AlbertNodeCases
import AlbertTestSupport
import Testing

/// Whole graphs of exporters, optimisers and quantisers, against what onnxruntime computes of the same
/// files with its optimisations off (Tests/Interop/make/graphs.py).
@Suite struct ExportedGraphTests {
  private static let folder = PackageFiles.fixtures.appending("graphs")
  static let recorded = (try? NodeCase.all(in: folder.appending("onnxruntime.cases"))) ?? []

  /// Graphs of float16, which are in Float64 off by what a runtime's rounding costs.
  private static let half = ["float16-optimised.onnx", "q4-float16-optimised.onnx"]

  @Test func recordingsAreThere() { #expect(Self.recorded.count >= 38) }

  @Test(arguments: recorded, [GraphMode.float64, .declared])
  func graphGivesWhatARuntimeGives(_ test: NodeCase, _ mode: GraphMode) throws {
    guard mode == .declared || !Self.half.contains(test.name) else { return }
    let scratch = try FileManagement.folder()
    defer { try? FileManagement.remove(scratch) }
    let verdict = NodeRunner(in: scratch, mode: mode, models: Self.folder).run(test)
    switch verdict.outcome {
    case .passed: break
    case .refused(let reason), .failed(let reason): Issue.record("\(test.name): \(reason)")
    }
  }
}
