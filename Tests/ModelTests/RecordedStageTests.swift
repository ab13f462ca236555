import AlbertArchitecture
import AlbertTensors
import Testing

/// Either model against what transformers computed in Float64.
@Suite struct RecordedStageTests {
  private func errors(
    _ engine: Engine, _ store: MemoryStore, _ golden: Npz, inputs: Npz? = nil, choices: Int? = nil
  ) throws -> [String: Double] {
    let inputs = try (inputs ?? golden).inputs(choices: choices)
    var errors: [String: Double] = [:]
    for output in try engine.forward(store, inputs, stages: golden.stages) {
      errors[output.stage.name] = maxAbs(output, golden)
    }
    #expect(Set(errors.keys) == Set(golden.stages.map(\.name)), "a recorded stage is not produced")
    return errors
  }

  private func expectClose(
    _ engine: Engine, _ store: MemoryStore, _ golden: Npz, inputs: Npz? = nil, choices: Int? = nil
  ) throws {
    for (stage, error) in try errors(engine, store, golden, inputs: inputs, choices: choices) {
      #expect(error <= engine.tolerance, "\(stage) differs by \(error)")
    }
  }

  @Test(arguments: Engine.allCases)
  func aSharedLayerWithTheTanhForm(_ engine: Engine) throws {
    try expectClose(engine, Fixture.storeA(), Fixture.npz("tiny-a/golden.npz"))
  }

  @Test(arguments: Engine.allCases)
  func twoGroupsOfTwoInnerLayersWithTheErfForm(_ engine: Engine) throws {
    try expectClose(engine, Fixture.storeB(), Fixture.npz("tiny-b/golden.npz"))
  }

  @Test(arguments: Engine.allCases)
  func theOtherFormOfGELU(_ engine: Engine) throws {
    var store = try Fixture.storeA()
    store.config.hiddenAct = .geluErf
    try expectClose(engine, store, Fixture.npz("tiny-a/golden-gelu.npz"))
    // The two forms differ by far more than any tolerance.
    let wrong = try errors(engine, store, Fixture.npz("tiny-a/golden.npz"))
    #expect((wrong["last_hidden_state"] ?? 0) > 1e-4)
    #expect((wrong["hidden_states.0"] ?? 1) <= engine.tolerance)
  }

  @Test(arguments: Engine.allCases)
  func theMaskedLMHeadsOwnEpsilon(_ engine: Engine) throws {
    let golden = try Fixture.npz("tiny-a/golden-mlm_eps1e-5.npz")
    let inputs = try Fixture.npz("tiny-a/golden.npz")
    var store = try Fixture.storeA()
    let without = try errors(engine, store, golden, inputs: inputs)["prediction_logits"] ?? 0
    store.config.mlmLayerNormEps = 1e-5
    let with = try errors(engine, store, golden, inputs: inputs)["prediction_logits"] ?? 1
    #expect(without > max(1e-6, 4 * with))
    try expectClose(engine, store, golden, inputs: inputs)
  }

  @Test(arguments: Engine.allCases, ["f16", "bf16"])
  func halfPrecisionWeights(_ engine: Engine, _ type: String) throws {
    let store = try Fixture.halfStoreA("weights-\(type).safetensors")
    try expectClose(engine, store, Fixture.npz("tiny-a/golden-\(type).npz"))
  }

  @Test(
    arguments: Engine.allCases,
    [
      ("seqcls", TaskHead.sequenceClassification, 3), ("tokencls", .tokenClassification, 5),
      ("qa", .questionAnswering, 2), ("multichoice", .multipleChoice, 1),
    ])
  func taskHeads(_ engine: Engine, _ written: (name: String, head: TaskHead, labels: Int)) throws {
    let contents = ModelContents(pooler: written.head.usesPooler, taskHead: written.head)
    let store = try Fixture.storeA(contents, labels: written.labels, head: written.name)
    let golden = try Fixture.npz("tiny-a/head-\(written.name).npz")
    try expectClose(engine, store, golden)
    if written.head == .multipleChoice { try expectClose(engine, store, golden, choices: 3) }
  }

  /// Of a single token's logits one may be small by chance, and is as exact as the terms that made it.
  @Test(arguments: [
    ("seqcls", TaskHead.sequenceClassification, 3), ("tokencls", .tokenClassification, 5),
    ("qa", .questionAnswering, 2), ("multichoice", .multipleChoice, 1),
  ])
  func smallLogitsAreAsExactAsTheirTerms(
    _ written: (name: String, head: TaskHead, labels: Int)
  ) throws {
    let contents = ModelContents(pooler: written.head.usesPooler, taskHead: written.head)
    let store = try Fixture.storeA(contents, labels: written.labels, head: written.name)
    let stage = written.head == .questionAnswering ? Stage.startLogits : .logits
    let inputs = try someInputs(512, 8, store.config)
    let exact = try Engine.reference.values(stage, store, inputs)
    let fast = try Engine.fast.values(stage, store, inputs)
    let size = store.headSize(of: stage)
    let mean = (exact.reduce(0) { $0 + $1 * $1 } / Double(exact.count)).squareRoot()
    #expect(size > mean / 2 && size < 3 * mean, "\(size) where they are \(mean)")
    func allowed(_ scale: Double) -> Double {
      Tolerance(arithmetic: [0x1p-24, 0x1p-53]).largest(
        stage, store.config, scale: scale, count: 1, keys: inputs.sequence)
    }
    let errors = zip(exact, fast).map { (value: abs($0), error: abs($0 - $1)) }
    #expect(errors.allSatisfy { $0.error <= allowed(max($0.value, size)) })
    // Those of this head for questions are nowhere near zero.
    if written.head != .questionAnswering {
      #expect(errors.contains { $0.error > allowed($0.value) })
    }
    #expect(store.headSize(of: .lastHiddenState) == 0)
    let sizes = HeadSizes(store)
    for _ in 0..<2 { #expect(sizes[stage] == size && sizes[.lastHiddenState] == 0) }
  }
}
