import AlbertArchitecture
import AlbertReferenceModel
import AlbertTensors
import Testing

/// The reference against what transformers computed in Float64.
@Suite struct ReferenceModelTests {
  static let tolerance = 1e-9

  private func errors(_ store: MemoryStore, _ golden: Npz, inputs: Npz? = nil, choices: Int? = nil)
    throws -> [String: Double]
  {
    let inputs = try (inputs ?? golden).inputs(choices: choices)
    var errors: [String: Double] = [:]
    for output in try ReferenceModel(store).forward(inputs, stages: golden.stages) {
      errors[output.stage.name] = maxAbs(output, golden)
    }
    #expect(Set(errors.keys) == Set(golden.stages.map(\.name)), "a recorded stage is not produced")
    return errors
  }

  private func expectExact(_ errors: [String: Double]) {
    for (stage, error) in errors {
      #expect(error <= Self.tolerance, "\(stage) differs by \(error)")
    }
  }

  @Test func aSharedLayerWithTheTanhForm() throws {
    try expectExact(errors(Fixture.storeA(), Fixture.npz("tiny-a/golden.npz")))
  }

  @Test func twoGroupsOfTwoInnerLayersWithTheErfForm() throws {
    try expectExact(errors(Fixture.storeB(), Fixture.npz("tiny-b/golden.npz")))
  }

  @Test func theOtherFormOfGELU() throws {
    var store = try Fixture.storeA()
    store.config.hiddenAct = .geluErf
    try expectExact(errors(store, Fixture.npz("tiny-a/golden-gelu.npz")))
    // The two forms differ by far more than any tolerance.
    let wrong = try errors(store, Fixture.npz("tiny-a/golden.npz"))
    #expect((wrong["last_hidden_state"] ?? 0) > 1e-4)
    #expect((wrong["hidden_states.0"] ?? 1) <= Self.tolerance)
  }

  @Test func theMaskedLMHeadsOwnEpsilon() throws {
    let golden = try Fixture.npz("tiny-a/golden-mlm_eps1e-5.npz")
    let inputs = try Fixture.npz("tiny-a/golden.npz")
    var store = try Fixture.storeA()
    #expect((try errors(store, golden, inputs: inputs)["prediction_logits"] ?? 0) > 1e-6)
    store.config.mlmLayerNormEps = 1e-5
    try expectExact(errors(store, golden, inputs: inputs))
  }

  @Test(arguments: ["f16", "bf16"])
  func halfPrecisionWeights(_ type: String) throws {
    let store = try Fixture.halfStoreA("weights-\(type).safetensors")
    try expectExact(errors(store, Fixture.npz("tiny-a/golden-\(type).npz")))
  }

  @Test(arguments: [
    ("seqcls", TaskHead.sequenceClassification, 3), ("tokencls", .tokenClassification, 5),
    ("qa", .questionAnswering, 2), ("multichoice", .multipleChoice, 1),
  ])
  func taskHeads(_ name: String, _ head: TaskHead, _ labels: Int) throws {
    let contents = ModelContents(pooler: head.usesPooler, taskHead: head)
    let store = try Fixture.storeA(contents, labels: labels, head: name)
    let golden = try Fixture.npz("tiny-a/head-\(name).npz")
    try expectExact(errors(store, golden))
    if head == .multipleChoice { try expectExact(errors(store, golden, choices: 3)) }
  }

  @Test func theNumberOfThreadsDoesNotChangeABit() throws {
    let store = try Fixture.storeB()
    let inputs = try someInputs(3, 16, store.config)
    let one = try ReferenceModel(store, parallel: false).forward(inputs)
    let all = try ReferenceModel(store, parallel: true).forward(inputs)
    for (a, b) in zip(one, all) { #expect(a.values == b.values, "\(a.stage)") }
    #expect(one.count == all.count)
  }
}
