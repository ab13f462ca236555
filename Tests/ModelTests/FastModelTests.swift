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

  /// Every way to compute the products that this machine has.
  private func ways() throws -> [(name: String, kernels: Kernels, products: Products)] {
    let sets = (0..<3).compactMap { Kernels(set: $0) }
    var ways: [(String, Kernels, Products)] = sets.enumerated().map { index, kernels in
      ("kernels \(index)", kernels, .kernels(kernels))
    }
    ways.append(("library", Kernels(), .library(try BLAS.shared())))
    return ways
  }

  @Test func everyWayToMultiplyIsAsClose() throws {
    for (folder, store) in [("tiny-a", try Fixture.storeA()), ("tiny-b", try Fixture.storeB())] {
      let golden = try Fixture.npz("\(folder)/golden.npz")
      for way in try ways() {
        let model = try FastModel(store, way.kernels, way.products)
        for output in try model.forward(golden.inputs(), stages: golden.stages) {
          let error = maxAbs(output, golden)
          #expect(error <= Self.tolerance, "\(way.name): \(output.stage) differs by \(error)")
        }
      }
    }
  }

  @Test func attentionsAreTheSameByEveryWay() throws {
    let store = try Fixture.storeB()
    let inputs = try someInputs(2, 21, store.config)
    let stages = (0..<store.config.numHiddenLayers * store.config.innerGroupNum).map {
      Stage.attentions($0)
    }
    let reference = try Engine.reference.forward(store, inputs, stages: stages)
    for way in try ways() {
      let model = try FastModel(store, way.kernels, way.products)
      let found = try model.forward(inputs, stages: stages)
      #expect(found.map(\.stage) == reference.map(\.stage))
      for (a, b) in zip(found, reference) {
        let error = zip(a.values, b.values).map { abs(Double($0) - $1) }.max() ?? 1
        #expect(error <= Self.tolerance, "\(way.name): \(a.stage) differs by \(error)")
      }
    }
  }
}
