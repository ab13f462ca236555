import AlbertArchitecture
import AlbertConversion
import AlbertDiagnosis
import AlbertTensors
import AlbertTestModels
import AlbertVerification
import Testing

/// Golden files with few stages, in single precision, with several defects, or with none.
@Suite("Diagnosis by few outputs")
struct ForwardStagesTests {
  private func diagnose(
    _ name: String, stages: [Stage]? = nil, single: Bool = false, rows: Int = 3, length: Int = 7,
    change: (inout [StageOutput<Double>]) -> Void = { _ in },
    _ inject: (inout DefectiveModel) -> Void
  ) throws -> VerificationResult {
    let model = try Fixtures.model(name)
    var defective = DefectiveModel(model.model)
    inject(&defective)
    let golden = try DefectiveGolden(
      defective, diagnosisInputs(model.model.config, rows: rows, length: length), stages: stages,
      single: single, change: change)
    return try Verification.verify(
      model, golden: golden.file, Verification.Options(engines: .reference))
  }

  private func codes(_ result: VerificationResult) -> [Diagnosis.Code] {
    result.diagnosis.map(\.code)
  }

  static let models = ["tiny-a/hf", "tiny-b/hf"]

  @Test("A sound model is given no diagnosis", arguments: models, [false, true])
  func clean(_ model: String, _ single: Bool) throws {
    let result = try diagnose(model, single: single) { _ in }
    #expect(result.passes && result.diagnosis.isEmpty)
  }

  @Test(
    "One output is enough",
    arguments: models, [Stage.lastHiddenState, .predictionLogits, .sopLogits, .poolerOutput])
  func oneStage(_ model: String, _ stage: Stage) throws {
    let transposed = try diagnose(model, stages: [stage], single: true) {
      $0.transpose(.keyWeight)
    }
    #expect(codes(transposed) == [.transposed], "\(transposed.diagnosis)")
    #expect(transposed.diagnosis.first?.parameter == Parameter(.keyWeight).name)
    let activation = try diagnose(model, stages: [stage]) { $0.config.hiddenAct = .relu }
    #expect(codes(activation) == [.activation], "\(activation.diagnosis)")
  }

  @Test("A layer more or less is counted", arguments: models, [-1, 1])
  func layers(_ model: String, _ change: Int) throws {
    for stages in [nil, [Stage.lastHiddenState], [.predictionLogits]] as [[Stage]?] {
      let result = try diagnose(model, stages: stages) { defective in
        defective.config.numHiddenLayers += change
        defective.config.layerMap = .huggingFace(
          layers: defective.config.numHiddenLayers, groups: defective.config.numHiddenGroups)
      }
      #expect(codes(result) == [.layerCount], "\(stages ?? []): \(result.diagnosis)")
    }
  }

  @Test(
    "Layers that use other groups are named",
    arguments: [[0, 0, 0, 0], [1, 1, 0, 0], [0, 1, 0, 1], [1, 1, 1, 1]], [true, false])
  func groups(_ groups: [Int], _ all: Bool) throws {
    let result = try diagnose("tiny-b/hf", stages: all ? nil : [.lastHiddenState]) {
      $0.config.layerMap = LayerMap(groups: groups)
    }
    #expect(codes(result) == [.groupMap], "\(result.diagnosis)")
  }

  @Test("Inner layers in each other's place are named")
  func innerLayers() throws {
    let result = try diagnose("tiny-b/hf") { model in
      for role in ParameterRole.allCases where role.isPerBlock {
        let one = model[role, 0, 0]
        model[role, 0, 0] = model[role, 0, 1]
        model[role, 0, 1] = one
      }
    }
    #expect(codes(result) == [.swapped], "\(result.diagnosis)")
    #expect(result.diagnosis.first?.parameter == Parameter(.queryWeight).name)
    #expect(result.diagnosis.first?.otherParameter == Parameter(.queryWeight, inner: 1).name)
  }

  @Test("A matrix of another group is named")
  func misplaced() throws {
    let result = try diagnose("tiny-b/hf") { model in
      let one = model[.ffnWeight, 0, 1]
      model[.ffnWeight, 0, 1] = model[.ffnWeight, 1, 1]
      model[.ffnWeight, 1, 1] = one
      let bias = model[.ffnBias, 0, 1]
      model[.ffnBias, 0, 1] = model[.ffnBias, 1, 1]
      model[.ffnBias, 1, 1] = bias
    }
    #expect(codes(result) == [.swapped], "\(result.diagnosis)")
    #expect(result.diagnosis.first?.parameter == Parameter(.ffnWeight, inner: 1).name)
    #expect(
      result.diagnosis.first?.otherParameter == Parameter(.ffnWeight, group: 1, inner: 1).name)
  }

  @Test("Two defects at once are both named", arguments: models)
  func two(_ model: String) throws {
    let apart = try diagnose(model) { defective in
      defective.scale(.mlmBias, by: 2)
      let h = defective.config.hiddenSize
      defective[.sopWeight] = Array(defective[.sopWeight][h...] + defective[.sopWeight][..<h])
      defective[.sopBias].reverse()
    }
    #expect(codes(apart) == [.biasDoubled, .sopLabelsFlipped], "\(apart.diagnosis)")
    for stages in [nil, [Stage.lastHiddenState]] as [[Stage]?] {
      let rows = try diagnose(model, stages: stages) { defective in
        defective.config.hiddenAct = .silu
        defective.inputs = {
          try ModelInputs(inputIDs: $0.inputIDs, shape: $0.shape, tokenTypeIDs: $0.tokenTypeIDs)
        }
      }
      #expect(codes(rows) == [.activation, .maskIgnored], "\(rows.diagnosis)")
    }
    // In two inner layers one after another they are separable where probabilities lie between.
    let between: [Stage] = [.hiddenStates(0), .attentions(0), .attentions(1), .lastHiddenState]
    let together = try diagnose(model, stages: model == "tiny-b/hf" ? between : nil) { defective in
      defective.swap(.queryWeight, .keyWeight)
      defective.swap(.queryBias, .keyBias)
      defective.transpose(.valueWeight)
    }
    #expect(codes(together) == [.swapped, .transposed], "\(together.diagnosis)")
  }

  @Test("Noise that nothing explains is given no name", arguments: models, [true, false])
  func noise(_ model: String, _ all: Bool) throws {
    let result = try diagnose(model, stages: all ? nil : [.lastHiddenState]) { defective in
      var state = 1
      defective[.ffnWeight] = defective[.ffnWeight].map {
        state = state * 48271 % 0x7FFF_FFFF
        return $0 + 0.02 * (Double(state) / Double(0x7FFF_FFFF) - 0.5)
      }
    }
    #expect(result.diagnosis.isEmpty, "\(result.diagnosis)")
    #expect(result.firstDivergence?.stage == (all ? .hiddenStates(1) : .lastHiddenState))
  }

  @Test("Heads that probabilities show in another order are named", arguments: models)
  func headOrder(_ name: String) throws {
    let config = try Fixtures.model(name).model.config
    let stages: [Stage] = [.hiddenStates(0), .attentions(0), .hiddenStates(1), .lastHiddenState]
    let result = try diagnose(name, stages: stages, single: true) { model in
      let size = model.config.headSize
      let order = [1, 2, 0] + Array(3..<model.config.numAttentionHeads)
      for role in [ParameterRole.queryWeight, .queryBias, .keyWeight, .keyBias] {
        let old = model[role]
        let width = old.count / model.config.hiddenSize
        model[role] = order.flatMap { head in
          old[head * size * width..<(head + 1) * size * width]
        }
      }
    }
    #expect(codes(result) == [.permutedHeads], "\(result.diagnosis)")
    #expect(result.diagnosis.first?.parameter == Parameter(.queryWeight).name)
    let rest = (3..<config.numAttentionHeads).map { ", \($0)" }.joined()
    #expect(result.diagnosis.first?.message.contains("in the order 1, 2, 0\(rest)") == true)
  }

  @Test("Probabilities of another number of heads are named", arguments: models)
  func headCount(_ name: String) throws {
    let stages: [Stage] = [.attentions(0), .lastHiddenState]
    let result = try diagnose(name, stages: stages) {
      $0.config.numAttentionHeads = $0.config.hiddenSize / 8
    }
    #expect(codes(result) == [.headCount], "\(result.diagnosis)")
  }

  @Test("A decoder of its own is named", arguments: models, [(3, 7), (8, 12)])
  func untied(_ model: String, _ size: (rows: Int, length: Int)) throws {
    for stages in [nil, [Stage.predictionLogits]] as [[Stage]?] {
      let result = try diagnose(model, stages: stages, rows: size.rows, length: size.length) {
        $0.contents.untiedDecoder = true
        $0[.mlmDecoderWeight] = $0[.wordEmbeddings].reversed()
      }
      #expect(codes(result) == [.untiedDecoder], "\(result.diagnosis)")
      #expect(result.diagnosis.first?.parameter == Parameter(.mlmDecoderWeight).name)
      #expect(result.diagnosis.first?.otherParameter == Parameter(.wordEmbeddings).name)
      // What made the state in front of the decoder was not recorded.
      let other = "do not tell it from other word embeddings"
      #expect(result.diagnosis.first?.message.contains(other) == (stages != nil))
    }
  }

  @Test("An error in front of the decoder is no other decoder", arguments: models)
  func masked(_ model: String) throws {
    let result = try diagnose(model) { defective in
      defective[.mlmDenseWeight] = defective[.mlmDenseWeight].reversed()
    }
    #expect(result.diagnosis.isEmpty, "\(result.diagnosis)")
    #expect(result.firstDivergence?.stage == .predictionLogits)
  }

  @Test("Words in other rows are named", arguments: models)
  func vocabulary(_ model: String) throws {
    let shifted = try diagnose(model) { defective in
      let most = defective.config.vocabSize
      defective.inputs = {
        try ModelInputs(
          inputIDs: $0.inputIDs.map { ($0 + 100) % most }, shape: $0.shape,
          attentionMask: $0.attentionMask, tokenTypeIDs: $0.tokenTypeIDs)
      }
    }
    #expect(codes(shifted).first == .vocabularyRows, "\(shifted.diagnosis)")
    #expect(shifted.diagnosis.first?.parameter == Parameter(.wordEmbeddings).name)
    let rolled = try diagnose(model) { $0.shift(.wordEmbeddings, by: 3) }
    #expect(codes(rolled) == [.vocabularyRows], "\(rolled.diagnosis)")
    for kept in [300, 700] {
      let cut = try diagnose(
        model,
        change: { outputs in
          for (index, output) in outputs.enumerated() where output.stage == .predictionLogits {
            let d = output.shape.dimensions
            var values: [Double] = []
            for token in 0..<d[0] * d[1] {
              let row = output.values[token * d[2]..<(token + 1) * d[2]]
              values += row.prefix(kept) + [Double](repeating: 0, count: max(0, kept - d[2]))
            }
            outputs[index] = StageOutput(
              stage: output.stage, shape: Shape([d[0], d[1], kept]), values: values)
          }
        }, { _ in })
      #expect(codes(cut) == [.vocabularyRows], "\(cut.diagnosis)")
    }
  }

  @Test("Other weights altogether are named", arguments: models)
  func retrained(_ model: String) throws {
    let result = try diagnose(model) { defective in
      for parameter in defective.values.keys {
        // As large as the old ones, and without relation to them.
        var state = 7 + parameter.name.utf8.reduce(0) { $0 + Int($1) }
        let old = defective.values[parameter] ?? []
        let size = (old.reduce(0) { $0 + $1 * $1 } / Double(old.count)).squareRoot()
        defective.values[parameter] = old.map { _ in
          state = state * 48271 % 0x7FFF_FFFF
          return (Double(state) / Double(0x7FFF_FFFF) - 0.5) * 3.4 * size
        }
      }
    }
    #expect(codes(result) == [.retrained], "\(result.diagnosis)")
  }
}
