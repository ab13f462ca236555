import AlbertArchitecture
import AlbertFastModel
import AlbertReferenceModel
import AlbertTensors
import Testing

/// What both models must do, beside agreeing with the recorded activations of plain inputs.
@Suite struct ModelLawTests {
  @Test(
    arguments: Engine.allCases,
    [
      Activation.geluTanh, .relu, .silu, .tanh,
    ])
  func leftPaddingHolesAndRowsOfNothingButPadding(_ engine: Engine, _ activation: Activation)
    throws
  {
    let golden = try Fixture.npz("tiny-a/variants.npz")
    var store = try Fixture.storeA()
    store.config.hiddenAct = activation
    let recorded = activation == .geluTanh ? "gelu_new" : activation.rawValue
    let stages: [Stage] = [.lastHiddenState, .poolerOutput, .sopLogits]
    for output in try engine.forward(store, golden.inputs(), stages: stages) {
      let expected = golden.arrays["\(recorded)/\(output.stage)"]?.doubles ?? []
      #expect(maxAbs(output.values, expected) <= engine.tolerance, "\(output.stage)")
    }
  }

  @Test(arguments: Engine.allCases)
  func attentionIgnoresPaddingAndIsEvenWhereThereIsNothingElse(_ engine: Engine) throws {
    let golden = try Fixture.npz("tiny-a/variants.npz")
    let inputs = try golden.inputs()
    let attention = try engine.values(.attentions(2), Fixture.storeA(), inputs)
    let expected = golden.arrays["gelu_new/attentions.2"]?.doubles ?? []
    #expect(maxAbs(attention, expected) <= engine.tolerance)
    let perSequence = attention.count / 3
    let s = inputs.sequence
    // The first sequence's first key is padding; the second sequence is padding alone.
    #expect(stride(from: 0, to: perSequence, by: s).allSatisfy { attention[$0] == 0 })
    #expect(
      attention[perSequence..<2 * perSequence].allSatisfy { abs($0 - 1 / Double(s)) < 1e-7 })
  }

  @Test(arguments: Engine.allCases)
  func theEpsilonIsHonoured(_ engine: Engine) throws {
    let golden = try Fixture.npz("tiny-a/variants.npz")
    var store = try Fixture.storeA()
    let usual = try engine.values(.lastHiddenState, store, golden.inputs())
    store.config.layerNormEps = 1e-3
    let values = try engine.values(.lastHiddenState, store, golden.inputs())
    let expected = golden.arrays["eps/last_hidden_state"]?.doubles ?? []
    #expect(maxAbs(values, expected) <= engine.tolerance)
    #expect(maxAbs(usual, expected) > 1e-4)
  }

  @Test(arguments: Engine.allCases)
  func theLayerMapIsHonoured(_ engine: Engine) throws {
    var store = try Fixture.storeB()
    let inputs = try someInputs(2, 7, store.config)
    let straight = try engine.values(.lastHiddenState, store, inputs)
    // With the two groups' weights exchanged, the exchanged map computes the same.
    store.config.layerMap = LayerMap(groups: store.config.layerMap.groups.map { 1 - $0 })
    #expect(try engine.values(.lastHiddenState, store, inputs) != straight)
    let original = store.parameters
    for spec in ParameterSpec.all(store.config, store.contents) {
      let parameter = spec.parameter
      guard parameter.role.isPerBlock else { continue }
      let other = Parameter(parameter.role, group: 1 - parameter.group, inner: parameter.inner)
      store.parameters[parameter.name] = original[other.name]
    }
    #expect(try engine.values(.lastHiddenState, store, inputs) == straight)
  }

  @Test(arguments: Engine.allCases)
  func anUntiedDecoderIsUsed(_ engine: Engine) throws {
    var store = try Fixture.storeA()
    let inputs = try someInputs(1, 5, store.config)
    let tied = try engine.values(.predictionLogits, store, inputs)
    // The word embeddings in reverse give the words' scores, without their biases, in reverse.
    let (v, e) = (store.config.vocabSize, store.config.embeddingSize)
    let words = store.parameters[Parameter(.wordEmbeddings).name]?.bytes ?? []
    let rowSize = 4 * e
    var reversed: [UInt8] = []
    for row in (0..<v).reversed() { reversed += words[row * rowSize..<(row + 1) * rowSize] }
    store.contents.untiedDecoder = true
    store.parameters[Parameter(.mlmDecoderWeight).name] = (.float32, reversed)
    let bias = store.doubles(Parameter(.mlmBias))
    let untied = try engine.values(.predictionLogits, store, inputs)
    let expected = (0..<tied.count).map { index in
      let (token, word) = index.quotientAndRemainder(dividingBy: v)
      return tied[token * v + v - 1 - word] - bias[v - 1 - word] + bias[word]
    }
    #expect(maxAbs(untied, expected) <= engine.tolerance)
    #expect(maxAbs(untied, tied) > 0.1)
  }

  @Test(arguments: Engine.allCases)
  func anIdentityProjectionIsNone(_ engine: Engine) throws {
    // A model whose embeddings have the hidden width, made from tiny-a's encoder.
    var store = try Fixture.storeA(.backboneWithoutPooler)
    store.config.embeddingSize = store.config.hiddenSize
    store.config.embeddingProjectionIsIdentity = true
    for role in ParameterRole.allCases where role.component == .embeddings {
      let count = role.shape(in: store.config).count
      store.parameters[Parameter(role).name] = (.float32, Array(repeating: 0, count: 4 * count))
      for index in 0..<count {
        store.set(Parameter(role), at: index, with: Float(index * 31 % 17) / 17 - 0.4)
      }
    }
    store.parameters[Parameter(.projectionWeight).name] = nil
    store.parameters[Parameter(.projectionBias).name] = nil
    let inputs = try someInputs(1, 6, store.config)
    let outputs = try engine.forward(
      store, inputs, stages: [.embeddings, .hiddenStates(0), .lastHiddenState])
    #expect(outputs.count == 3)
    #expect(outputs[0].values == outputs[1].values)
    #expect(outputs[2].values.allSatisfy { $0.isFinite })
  }

  @Test(arguments: Engine.allCases)
  func weightsThatAreNotNumbersGiveResultsThatAreNone(_ engine: Engine) throws {
    for (role, index) in [
      (ParameterRole.queryWeight, 5), (.ffnBias, 0), (.attentionLayerNormWeight, 3),
    ] {
      var store = try Fixture.storeA()
      let inputs = try someInputs(2, 5, store.config)
      store.set(Parameter(role), at: index, with: .nan)
      #expect(
        try engine.values(.predictionLogits, store, inputs).allSatisfy { $0.isNaN }, "\(role)")
      store.set(Parameter(role), at: index, with: .infinity)
      #expect(
        try engine.values(.predictionLogits, store, inputs).contains { !$0.isFinite }, "\(role)")
    }
  }

  @Test(arguments: Engine.allCases)
  func inputsThatTheModelCannotTakeAreRefused(_ engine: Engine) throws {
    let store = try Fixture.storeA()
    for ids in [[1, 512], [-1, 2], [.max, .min]] {
      let inputs = try ModelInputs(inputIDs: ids, shape: Shape([1, 2]))
      #expect(throws: InputProblem.self) { try engine.forward(store, inputs) }
    }
    let tooLong = try ModelInputs(inputIDs: Array(repeating: 1, count: 65), shape: Shape([1, 65]))
    #expect(throws: InputProblem.sequence(found: 65, most: 64)) {
      try engine.forward(store, tooLong)
    }
  }

  @Test(arguments: Engine.allCases)
  func onlyTheStagesAskedForAreProducedInOrder(_ engine: Engine) throws {
    let store = try Fixture.storeB()
    let inputs = try someInputs(1, 4, store.config)
    let all = try engine.forward(
      store, inputs, stages: Stage.all(store.config, store.contents, attentions: true))
    #expect(
      all.map(\.stage.name).sorted()
        == Stage.all(store.config, store.contents, attentions: true).map(\.name).sorted())
    #expect(all.allSatisfy { $0.values.count == $0.shape.count })
    let usual = try engine.forward(store, inputs)
    #expect(!usual.contains { $0.stage.name.hasPrefix("attentions") })
    for output in all {
      let alone = try engine.forward(store, inputs, stages: [output.stage])
      #expect(alone.map(\.stage) == [output.stage])
      #expect(alone.first?.values == output.values, "\(output.stage) alone")
    }
    let unknown: [Stage] = [.logits, .hiddenStates(9), .attentions(99), .startLogits]
    #expect(try engine.forward(store, inputs, stages: unknown).isEmpty)
  }

  @Test func aKnownHiddenStateIsTakenAsItIs() throws {
    let store = try Fixture.storeB()
    let inputs = try Fixture.npz("tiny-b/golden.npz").inputs()
    let stages: [Stage] = [.hiddenStates(3), .lastHiddenState, .predictionLogits, .sopLogits]
    let whole = try ReferenceModel(store).forward(inputs, stages: stages + [.hiddenStates(2)])
    let known = try #require(whole.first)
    let resumed = try ReferenceModel(store).forward(inputs, from: known, stages: stages)
    #expect(resumed.map(\.stage) == stages)
    for (one, other) in zip(resumed, whole.dropFirst()) { #expect(one.values == other.values) }
    let fast = try FastModel(store)
    let floats = try fast.forward(inputs, stages: stages + [.hiddenStates(2)])
    let again = try fast.forward(inputs, from: try #require(floats.first), stages: stages)
    for (one, other) in zip(again, floats.dropFirst()) { #expect(one.values == other.values) }
  }

  @Test(arguments: Engine.allCases)
  func everyRunGivesTheSameBits(_ engine: Engine) throws {
    let store = try Fixture.storeB()
    let inputs = try someInputs(3, 11, store.config)
    let first = try engine.forward(store, inputs)
    for _ in 0..<3 {
      for (a, b) in zip(first, try engine.forward(store, inputs)) {
        #expect(a.values == b.values, "\(a.stage)")
      }
    }
  }

  @Test(arguments: [(1, 1), (1, 3), (2, 8), (5, 13), (1, 64), (9, 2)])
  func theModelsAgreeOnAnyShape(_ batch: Int, _ sequence: Int) throws {
    for store in [try Fixture.storeA(), try Fixture.storeB()] {
      let inputs = try someInputs(batch, sequence, store.config)
      let reference = try Engine.reference.forward(store, inputs)
      let fast = try Engine.fast.forward(store, inputs)
      #expect(reference.map(\.stage) == fast.map(\.stage))
      for (a, b) in zip(reference, fast) {
        #expect(a.shape == b.shape)
        // 32 roundings of the largest value where that is more: the logits reach 10.
        let largest = a.values.reduce(0) { max($0, abs($1)) }
        let tolerance = max(Engine.fast.tolerance, 32 * Double(Float.ulpOfOne) * largest)
        #expect(maxAbs(a.values, b.values) <= tolerance, "\(a.stage)")
      }
    }
  }

  @Test(arguments: Engine.allCases)
  func aSequenceDoesNotDependOnItsNeighbours(_ engine: Engine) throws {
    let store = try Fixture.storeA()
    let both = try someInputs(2, 6, store.config)
    let second = try ModelInputs(
      inputIDs: Array(both.inputIDs[6...]), shape: Shape([1, 6]),
      tokenTypeIDs: Array(both.tokenTypeIDs[6...]))
    let together = try engine.values(.lastHiddenState, store, both)
    let alone = try engine.values(.lastHiddenState, store, second)
    #expect(maxAbs(Array(together[alone.count...]), alone) <= engine.tolerance)
  }
}
