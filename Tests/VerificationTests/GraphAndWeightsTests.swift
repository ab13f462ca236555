import AlbertConversion
import AlbertTestSupport
import Testing

@testable import AlbertVerification

/// Graphs that compute something else than their weights say, held against other weights.
@Suite struct GraphAndWeightsTests {
  private static let codes = [
    "mask-not-added": ["transposed", "mask-ignored"],
    "positions-from-2": ["transposed", "position-offset"],
    "layer-one-epsilon": ["transposed", "layer-norm-epsilon"],
    "softmax-over-queries": ["softmax-axis", "transposed"],
    "layer-mask-too-weak": ["transposed", "mask-misapplied"],
  ]

  /// The weights tell of the one defect, the run beside them of the other.
  @Test(arguments: codes.keys.sorted()) func bothAreNamed(_ name: String) throws {
    let result = try verify(name)
    #expect(!result.passes && result.findings.contains { $0.code == "graph-misread" })
    #expect(result.diagnosis.map(\.code.rawValue) == Self.codes[name], "\(result.diagnosis)")
    #expect(
      result.diagnosis.contains { $0.message == "the attention's key weight is transposed" })
  }

  /// Of a graph that was recognised in part, its outputs are none of what was read.
  @Test func aGraphThatGoesOnIsHeldAgainstTheReference() throws {
    let result = try verify("norm-left-out")
    #expect(!result.findings.contains { $0.code == "graph-not-run" }, "\(result.findings)")
    #expect(result.diagnosis.map(\.code.rawValue) == ["transposed"], "\(result.diagnosis)")
  }

  private func verify(_ name: String) throws -> VerificationResult {
    let folder = PackageFiles.fixtures.appending("graph-defects")
    return try Verification.verify(
      try LoadedModel(folder.appending("\(name).onnx")),
      against: try LoadedModel(folder.appending("key-transposed.onnx")))
  }
}
