import AlbertArchitecture
import AlbertDiagnosis
import AlbertTestModels
import AlbertVerification
import Testing

/// ALBERT-base's sizes with fewer layers and words, so that a debug build is done in time.
@Suite("Diagnosis by outputs at ALBERT-base's sizes", .serialized)
struct LargeForwardTests {
  private static let sound: Draft = {
    var draft = Draft(
      AlbertConfig(
        vocabSize: 1000, embeddingSize: 128, hiddenSize: 768, intermediateSize: 3072,
        maxPositionEmbeddings: 512, typeVocabSize: 2, numHiddenLayers: 2, numAttentionHeads: 12,
        hiddenAct: .geluTanh), .preTraining, seed: 11)
    // LayerNorms as they are in trained models: about 1.
    for parameter in draft.values.keys where parameter.name.contains("orm.weight") {
      draft[parameter] = draft[parameter].map { 1 + 4 * $0 }
    }
    return draft
  }()

  private func diagnose(
    _ stages: [Stage], _ inject: (inout DefectiveModel) -> Void
  ) throws -> [Diagnosis] {
    let model = try Self.sound.model()
    var defective = DefectiveModel(model.model)
    inject(&defective)
    let inputs = try diagnosisInputs(model.model.config, rows: 2, length: 7)
    let golden = try DefectiveGolden(defective, inputs, stages: stages, single: true)
    return try Verification.verify(
      model, golden: golden.file, Verification.Options(engines: .reference)
    ).diagnosis
  }

  @Test("The heads on top")
  func heads() throws {
    let found = try diagnose([.lastHiddenState, .sopLogits, .predictionLogits]) { model in
      model.scale(.mlmBias, by: 2)
      let h = model.config.hiddenSize
      model[.sopWeight] = Array(model[.sopWeight][h...] + model[.sopWeight][..<h])
      model[.sopBias].reverse()
    }
    #expect(found.map(\.code) == [.biasDoubled, .sopLabelsFlipped], "\(found)")
  }
}
