import AlbertArchitecture
import AlbertBytes
import AlbertConversion
import AlbertTensors
import AlbertTestModels
import AlbertTestSupport
import Testing

@testable import AlbertVerification

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
    return try Verification.verify(model, golden: try GoldenFile(path))
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
      try Verification.verify(model, golden: try GoldenFile(path))
    }
    #expect(error?.message == "any stage that the model has is missing")
  }

  @Test("What is no number in a padded token fails with either engine", arguments: Engine.allCases)
  func nonFinitePadding(_ engine: Engine) throws {
    let golden = try Fixtures.recorded("tiny-a/golden.npz")
    let padded = try #require(golden.inputs?.attentionMask.firstIndex(of: 0))
    let result = try result(try Scratch(), .lastHiddenState) { $0[padded * 64 + 9] = -.infinity }
    let stage = try #require(result.stages.first { $0.engine == engine })
    #expect(stage.outcome == .fail)
    #expect(stage.error?.real.nonFinite == 0 && stage.error?.padded.nonFinite == 1)
    #expect(stage.error?.padded.worst?.channel == 9)
  }

  @Test("What is no number in a pooled output is located", arguments: [Double.nan, -.infinity])
  func nonFinitePooled(_ value: Double) throws {
    let result = try result(try Scratch(), .poolerOutput) { $0[64 + 5] = value }
    #expect(result.stages.allSatisfy { $0.outcome == .fail })
    #expect(result.firstDivergence?.error?.real.worst?.description == "batch 1, channel 5")
    #expect(result.firstDivergence?.error?.real.maxAbs == .infinity)
  }

  /// A vocabulary bias of tiny-a with one value changed, held against a golden's logits.
  private func result(
    bias: Float, _ scratch: borrowing Scratch, _ change: (inout [Double]) -> Void
  ) throws -> VerificationResult {
    var draft = try Draft("tiny-a")
    draft[Parameter(.mlmBias)][5] = bias
    let golden = try Fixtures.recorded("tiny-a/golden.npz")
    let inputs = try #require(golden.inputs)
    let recorded = try golden.values(of: .predictionLogits)
    var values = recorded.values
    change(&values)
    let path = scratch.path("logits.npz")
    var file = try OutputFile(
      path, replacing: true, inputs: inputs, stages: [(.predictionLogits, recorded.shape)],
      type: .float64)
    try file.add(StageOutput(stage: .predictionLogits, shape: recorded.shape, values: values))
    try file.commit()
    return try Verification.verify(try draft.model(), golden: try GoldenFile(path))
  }

  @Test(
    "What the subject computes as no number fails, even where the other side has the same",
    arguments: [Float.nan, .infinity, -.infinity])
  func nonFiniteSubject(_ value: Float) throws {
    let alone = try result(bias: value, try Scratch()) { _ in }
    let both = try result(bias: value, try Scratch()) { values in
      for index in stride(from: 5, to: values.count, by: 512) { values[index] = Double(value) }
    }
    for (result, sides) in [(alone, 1), (both, 2)] {
      for stage in result.stages {
        let error = try #require(stage.error)
        #expect(stage.outcome == .fail)
        #expect(error.real.worst?.channel == 5 && error.real.maxAbs == .infinity)
        #expect(error.real.nonFinite == sides * error.real.count / 512)
        #expect(error.padded.nonFinite == sides * error.padded.count / 512)
      }
      #expect(result.stages.count == 2)
    }
  }

  @Test("Outputs of another shape fail and say so; outputs that are integers are refused")
  func foreign() throws {
    let model = try Fixtures.model("tiny-a/hf")
    let inputs = ProbeInputs.short([model.model.config])
    let scratch = try Scratch()
    func file(_ shape: Shape, _ type: ElementType) throws -> GoldenFile {
      let path = scratch.path("other.safetensors")
      var file = try OutputFile(
        path, replacing: true, inputs: inputs, stages: [(.poolerOutput, shape)], type: .float64)
      try file.add(
        StageOutput(
          stage: .poolerOutput, shape: shape, values: [Double](repeating: 1, count: shape.count)))
      try file.commit()
      guard type != .float64 else { return try GoldenFile(path) }
      // The same bytes under another type of that size.
      let source = try SourceFile(path)
      var bytes = try source.bytes(at: 0, count: source.size)
      let name = Array("\"F64\"".utf8)
      for index in 0..<bytes.count - 5 where Array(bytes[index..<index + 5]) == name {
        bytes.replaceSubrange(index..<index + 5, with: "\"I64\"".utf8)
      }
      return try GoldenFile(try scratch.write("integers.safetensors", bytes))
    }
    for shape in [Shape([2, 63]), Shape([1, 64]), Shape([128]), Shape([2, 64, 1])] {
      let result = try Verification.verify(model, golden: try file(shape, .float64))
      #expect(result.stages.allSatisfy { $0.outcome == .fail && $0.error == nil })
      #expect(
        result.firstDivergence?.problem
          == "the subject's shape is [2, 64], the golden file's \(shape)")
      let shapes = ShapeMismatch(subject: [2, 64], expected: shape.dimensions)
      #expect(result.stages.allSatisfy { $0.shapes == shapes })
    }
    let error = #expect(throws: FileError.self) {
      try Verification.verify(model, golden: try file(Shape([2, 64]), .int64))
    }
    #expect(error?.remedy == "record the outputs as float32 or float64")
  }
}
