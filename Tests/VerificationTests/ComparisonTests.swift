import Albert
import Bytes
import Conversion
import Testing
import Verification

@Suite("Comparison")
struct ComparisonTests {
  /// A golden of tiny-a with one value changed.
  private func result(
    _ scratch: borrowing Scratch, _ stage: Stage, _ change: (inout [Double]) -> Void
  ) throws -> VerificationResult {
    let model = try Fixtures.model("tiny-a/hf")
    let golden = try Fixtures.recorded("tiny-a/golden.npz")
    let inputs = try #require(golden.inputs)
    let recorded = try golden.values(of: stage)
    var values = recorded.values
    change(&values)
    let path = scratch.path("changed.npz")
    var file = try OutputFile(
      path, replacing: true, inputs: inputs, stages: [(stage, recorded.shape)], type: .float64)
    try file.add(StageOutput(stage: stage, shape: recorded.shape, values: values))
    try file.commit()
    return try Verification.verify(model, golden: try RecordedFile(path))
  }

  @Test("The worst element is located by batch, token and channel")
  func locates() throws {
    let result = try result(try Scratch(), .hiddenStates(2)) { $0[(1 * 16 + 3) * 64 + 17] += 0.5 }
    let first = try #require(result.firstDivergence)
    #expect(first.error?.real.worst?.description == "batch 1, token 3, channel 17")
    #expect(abs((first.error?.real.maxAbs ?? 0) - 0.5) < 1e-12)
    #expect(!result.passes)
  }

  @Test(
    "A value that is no finite number fails and is counted", arguments: [Double.nan, .infinity])
  func nonFinite(_ value: Double) throws {
    let result = try result(try Scratch(), .predictionLogits) { $0[5] = value }
    #expect(result.stages.allSatisfy { $0.outcome == .fail && $0.error?.real.nonFinite == 1 })
    #expect(!result.passes)
  }

  @Test("Padding is compared apart, and left out for the fast engine")
  func padding() throws {
    let golden = try Fixtures.recorded("tiny-a/golden.npz")
    let mask = try #require(golden.inputs?.attentionMask)
    let padded = try #require(mask.firstIndex(of: 0))
    let result = try result(try Scratch(), .lastHiddenState) { $0[padded * 64] += 3 }
    #expect(result.passes)
    let reference = try #require(result.stages.first { $0.engine == .reference })
    #expect(abs((reference.error?.padded.maxAbs ?? 0) - 3) < 1e-12)
    #expect((reference.error?.real.maxAbs ?? 1) < 1e-12)
    let broken = try self.result(try Scratch(), .lastHiddenState) { $0[padded * 64] = .nan }
    #expect(broken.stages.first { $0.engine == .reference }?.outcome == .fail)
  }

  @Test("Differences of both signs do not cancel")
  func signs() throws {
    let result = try result(try Scratch(), .poolerOutput) {
      $0[0] += 1e-3
      $0[1] -= 1e-3
    }
    let error = try #require(result.firstDivergence?.error)
    #expect(error.real.maxAbs > 0.9e-3 && error.real.relL2 > 1e-5)
  }

  @Test("A stage that the model lacks is no failure; none in common is an error")
  func lacking() throws {
    let model = try Fixtures.model("tiny-a/hf")
    let scratch = try Scratch()
    let inputs = ProbeInputs.short([model.model.config])
    let shape = Stage.startLogits.shape(model.model.config, model.model.contents, inputs)
    let path = scratch.path("other.npz")
    var file = try OutputFile(
      path, replacing: true, inputs: inputs, stages: [(.startLogits, shape)], type: .float64)
    try file.add(
      StageOutput(
        stage: .startLogits, shape: shape, values: [Double](repeating: 0, count: shape.count)))
    try file.commit()
    let error = #expect(throws: FileError.self) {
      try Verification.verify(model, golden: try RecordedFile(path))
    }
    #expect(error?.message == "any stage that the model has is missing")
  }
}
