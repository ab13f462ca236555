import AlbertBytes
import AlbertReading
import AlbertTestModels
import AlbertTestSupport
import Synchronization
import SystemPackage
import Testing

@testable import AlbertVerification

/// What two paths turn out to be, and what is told of both while it is computed.
@Suite struct VerificationSidesTests {
  private static let other = PackageFiles.fixtures.appending("other-graphs")
  private static let tinyA = Fixtures.folder.appending("tiny-a/hf")
  private static let golden = Fixtures.folder.appending("tiny-a/golden.npz")

  private func sides(
    _ subject: FilePath, against reference: FilePath? = nil, golden: FilePath? = nil
  ) throws -> VerificationSides {
    try VerificationSides(
      subject, against: reference, golden: golden, InspectionOptions(), loading: WorkObserver())
  }

  /// A library's caller gets what the tool's user gets.
  @Test func aGraphWithoutAnALBERTIsHeldAgainstItsOutputs() throws {
    let graph = Self.other.appending("perceptron.onnx")
    let result = try Verification.verify(graph, golden: Self.other.appending("perceptron.npz"))
    #expect(result.passes)
    #expect(result.findings.first?.code == "graph-not-recognised")
    try Verification.assertFaithful(graph, to: Self.other.appending("perceptron-dynamo.onnx"))
  }

  @Test func whatIsNoModelAndNoGraphSaysWhatIsWrong() throws {
    let scratch = try Scratch()
    try scratch.write("x.onnx", Array("no graph".utf8))
    let error = #expect(throws: FileError.self) { try sides(scratch.path("x.onnx")) }
    #expect(error?.path == scratch.path("x.onnx").string)
  }

  /// Where outputs were recorded, a reference of which nothing is known is an error.
  @Test func anUnknownReferenceStandsForNoModelBesideARecording() throws {
    let graph = Self.other.appending("perceptron.onnx")
    let pair = try sides(Self.other.appending("perceptron-dynamo.onnx"), against: graph).pair
    guard case .graphs = pair else {
      Issue.record("two graphs were not taken for what they are")
      return
    }
    #expect(throws: FileError.self) {
      try sides(Self.tinyA, against: graph, golden: Self.golden)
    }
  }

  @Test func filesOfAllSidesAreKept() throws {
    let kept = try sides(Self.tinyA, against: Self.tinyA, golden: Self.golden).keptFiles
    let names = Set(kept.map(\.path.lastComponent?.string))
    #expect(names.isSuperset(of: ["model.safetensors", "config.json", "golden.npz"]))
  }

  /// Each engine's passes on the probes and on what was recorded are one piece of work.
  @Test func eachEngineHasOneTotal() throws {
    let told = Mutex<[String: [[Int]]]>([:])
    let result = try Verification.verify(
      Self.tinyA, against: Self.tinyA, golden: Self.golden,
      observers: { phase in
        guard phase == .computing else { return WorkObserver() }
        return WorkObserver(parts: { part in
          WorkObserver(progress: { done, total in
            told.withLock { $0[part, default: []].append([done, total]) }
          })
        })
      })
    #expect(result.passes)
    let parts = told.withLock { $0 }
    #expect(Set(parts.keys) == ["reference", "fast"])
    for (part, steps) in parts {
      #expect(Set(steps.map { $0[1] }).count == 1, "\(part): \(Set(steps.map { $0[1] }))")
      #expect(zip(steps, steps.dropFirst()).allSatisfy { $0[0] <= $1[0] }, "\(part)")
      #expect(steps.last?.first == steps.last?.last, "\(part)")
    }
  }

  @Test func whoGivesUpWhileASideIsLoadedIsHeard() {
    let error = #expect(throws: FileError.self) {
      try Verification.verify(
        Self.tinyA, against: Self.tinyA, observers: { _ in WorkObserver(isCancelled: { true }) })
    }
    #expect(error?.problem == .cancelled)
  }
}
