import AlbertArchitecture
import AlbertBytes
import AlbertTensors
import Testing

@testable import AlbertFastModel

/// The fast model against what transformers computed in Float64.
@Suite struct FastModelTests {
  static let tolerance = 2e-5

  private func errors(
    _ store: any ParameterStore, _ golden: Npz, inputs: Npz? = nil, choices: Int? = nil
  ) throws -> [String: Double] {
    let inputs = try (inputs ?? golden).inputs(choices: choices)
    var errors: [String: Double] = [:]
    for output in try FastModel(store).forward(inputs, stages: golden.stages) {
      errors[output.stage.name] = maxAbs(output, golden)
    }
    #expect(Set(errors.keys) == Set(golden.stages.map(\.name)), "a recorded stage is not produced")
    return errors
  }

  private func expectClose(_ errors: [String: Double]) {
    for (stage, error) in errors {
      #expect(error <= Self.tolerance, "\(stage) differs by \(error)")
    }
  }

  @Test func aSharedLayerWithTheTanhForm() throws {
    try expectClose(errors(Fixture.storeA(), Fixture.npz("tiny-a/golden.npz")))
  }

  @Test func twoGroupsOfTwoInnerLayersWithTheErfForm() throws {
    try expectClose(errors(Fixture.storeB(), Fixture.npz("tiny-b/golden.npz")))
  }

  @Test func theOtherFormOfGELU() throws {
    var store = try Fixture.storeA()
    store.config.hiddenAct = .geluErf
    try expectClose(errors(store, Fixture.npz("tiny-a/golden-gelu.npz")))
    let wrong = try errors(store, Fixture.npz("tiny-a/golden.npz"))
    #expect((wrong["last_hidden_state"] ?? 0) > 1e-4)
    #expect((wrong["hidden_states.0"] ?? 1) <= Self.tolerance)
  }

  @Test func theMaskedLMHeadsOwnEpsilon() throws {
    let golden = try Fixture.npz("tiny-a/golden-mlm_eps1e-5.npz")
    let inputs = try Fixture.npz("tiny-a/golden.npz")
    var store = try Fixture.storeA()
    let without = try errors(store, golden, inputs: inputs)["prediction_logits"] ?? 0
    store.config.mlmLayerNormEps = 1e-5
    let with = try errors(store, golden, inputs: inputs)["prediction_logits"] ?? 1
    #expect(with <= Self.tolerance && without > 4 * with)
  }

  @Test(arguments: ["f16", "bf16"])
  func halfPrecisionWeights(_ type: String) throws {
    let store = try Fixture.halfStoreA("weights-\(type).safetensors")
    try expectClose(errors(store, Fixture.npz("tiny-a/golden-\(type).npz")))
  }

  @Test(arguments: [
    ("seqcls", TaskHead.sequenceClassification, 3), ("tokencls", .tokenClassification, 5),
    ("qa", .questionAnswering, 2), ("multichoice", .multipleChoice, 1),
  ])
  func taskHeads(_ name: String, _ head: TaskHead, _ labels: Int) throws {
    let contents = ModelContents(pooler: head.usesPooler, taskHead: head)
    let store = try Fixture.storeA(contents, labels: labels, head: name)
    let golden = try Fixture.npz("tiny-a/head-\(name).npz")
    try expectClose(errors(store, golden))
    if head == .multipleChoice { try expectClose(errors(store, golden, choices: 3)) }
  }
}
