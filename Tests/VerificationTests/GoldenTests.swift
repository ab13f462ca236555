import AlbertArchitecture
import AlbertBytes
import AlbertConversion
import AlbertReferenceModel
import AlbertTensors
import AlbertTestModels
import AlbertTestSupport
import Testing

@testable import AlbertVerification

@Suite("Golden files")
struct GoldenTests {
  @Test(
    "A model agrees with what its upstream recorded",
    arguments: [("tiny-a/hf", "tiny-a/golden.npz"), ("tiny-b/hf", "tiny-b/golden.npz")])
  func agrees(_ model: String, _ golden: String) throws {
    let result = try Verification.verify(
      try Fixtures.model(model), golden: try Fixtures.recorded(golden))
    #expect(result.passes)
  }

  /// What a model computes on inputs, as a golden file of the given type, under other names where
  /// asked for.
  private func record(
    _ model: LoadedModel, _ inputs: ModelInputs, _ scratch: borrowing Scratch,
    type: ElementType = .float64, _ name: (Stage) -> Stage? = { $0 }
  ) throws -> GoldenFile {
    let stages = Stage.all(model.model.config, model.model.contents)
    let outputs = try ReferenceModel(model.model).forward(inputs, stages: stages).compactMap {
      output in
      name(output.stage).map { StageOutput(stage: $0, shape: output.shape, values: output.values) }
    }
    return try recorded(
      outputs, inputs, in: scratch.path("golden.safetensors"), single: type == .float32)
  }

  @Test("Outputs that a Float32 runtime computed pass, saved as float32 or as float64")
  func float32() throws {
    let draft = try Draft("tiny-b")
    let model = try draft.model()
    let inputs = ProbeInputs.short([draft.config])
    let narrow = try record(model, inputs, try Scratch(), type: .float32)
    #expect(try Verification.verify(model, golden: narrow).passes)
    let rounded = try narrow.values(of: .predictionLogits)
    #expect(rounded.precision == .float32)
    let widened = GoldenStage(
      stage: .predictionLogits, shape: rounded.shape, type: .float64, values: rounded.values)
    #expect(widened.precision == .float32)
    let exact = try record(model, inputs, try Scratch())
    #expect(try exact.values(of: .predictionLogits).precision == .float64)
    let result = try Verification.verify(model, golden: exact)
    #expect(result.passes)
    #expect(
      result.stages.filter { $0.engine == .reference }.allSatisfy { $0.error?.real.maxAbs == 0 })
  }

  @Test("The tolerance follows the precision of the outputs")
  func tolerance() throws {
    let draft = try Draft("tiny-a")
    let model = try draft.model()
    let inputs = ProbeInputs.short([draft.config])
    func allowed(_ type: ElementType) throws -> Double {
      let golden = try record(model, inputs, try Scratch(), type: type)
      let result = try Verification.verify(
        model, golden: golden, Verification.Options(engines: .reference))
      return try #require(result.stages.first { $0.stage == .poolerOutput }).tolerance
    }
    let (wide, narrow) = (try allowed(.float64), try allowed(.float32))
    #expect(narrow > 1e8 * wide && narrow < 1e9 * wide)
  }

  @Test("A masked-LM model's scores may be called logits, but not where it has another head")
  func logits() throws {
    var draft = try Draft("tiny-a")
    draft.contents = .maskedLM
    let model = try draft.model()
    let inputs = ProbeInputs.short([draft.config])
    let golden = try record(model, inputs, try Scratch()) {
      $0 == .predictionLogits ? .logits : nil
    }
    let result = try Verification.verify(model, golden: golden)
    #expect(result.passes)
    #expect(result.stages.map(\.stage) == [.predictionLogits, .predictionLogits])
    let whole = try Draft("tiny-a").model()
    let error = #expect(throws: FileError.self) { try Verification.verify(whole, golden: golden) }
    #expect(error?.message == "any stage that the model has is missing")
  }

  @Test("Choices make an axis of the inputs; without it the rows are one question's")
  func choices() throws {
    var draft = try Draft("tiny-a")
    draft.contents = ModelContents(pooler: true, taskHead: .multipleChoice)
    draft.config.taskHead = .multipleChoice
    draft.config.numLabels = 1
    draft[Parameter(.classifierWeight)] = (0..<64).map { Float($0 % 5) / 8 - 0.25 }
    draft[Parameter(.classifierBias)] = [0.5]
    let model = try draft.model()
    let ids = (0..<24).map { $0 * 17 % 512 }
    for (shape, logits) in [
      (Shape([2, 3, 4]), Shape([2, 3])), (Shape([6, 4]), Shape([1, 6])),
    ] {
      let inputs = try ModelInputs(inputIDs: ids, shape: shape)
      let golden = try record(model, inputs, try Scratch())
      #expect(golden.stages[.logits]?.shape == logits)
      #expect(golden.inputs?.shape == shape)
      #expect(try Verification.verify(model, golden: golden).passes)
    }
    let three = try ModelInputs(inputIDs: ids, shape: Shape([2, 3, 4]))
    let golden = try record(model, three, try Scratch())
    let error = #expect(throws: FileError.self) {
      try Verification.verify(try Draft("tiny-a").model(), golden: golden)
    }
    #expect(error?.message.contains("the model has no multiple-choice head") == true)
  }

  @Test("Stages that the model lacks are listed for each engine and do not fail")
  func lacking() throws {
    let whole = try Draft("tiny-a").model()
    let inputs = ProbeInputs.short([whole.model.config])
    let golden = try record(whole, inputs, try Scratch())
    var bare = try Draft("tiny-a")
    bare.contents = .backboneWithoutPooler
    let result = try Verification.verify(try bare.model(), golden: golden)
    #expect(result.passes)
    let lacking = result.stages.filter { $0.outcome == .notProduced }
    #expect(Set(lacking.map(\.stage)) == [.poolerOutput, .predictionLogits, .sopLogits])
    #expect(lacking.count == 6 && lacking.allSatisfy { $0.error == nil })
  }

  @Test("Hidden states that are numbered by inner layers are told")
  func innerLayers() throws {
    let model = try Draft("tiny-b").model()
    let inputs = ProbeInputs.short([model.model.config])
    let usual = try record(model, inputs, try Scratch())
    #expect(usual.findings(model.model.config).isEmpty)
    // As transformers 5 does: layer N's end is state 2 N.
    let inner = try record(model, inputs, try Scratch()) { stage in
      if case .hiddenStates(let layer) = stage { return .hiddenStates(2 * layer) }
      return nil
    }
    let result = try Verification.verify(model, golden: inner)
    #expect(!result.passes)
    let finding = try #require(result.findings.first { $0.code == "inner-layer-states" })
    #expect(finding.remedy == "record every second of them, the first included")
    #expect(inner.findings(try Draft("tiny-a").config).map(\.code) == ["more-layers"])
  }
}
