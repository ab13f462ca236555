import AlbertArchitecture
import AlbertReferenceModel
import AlbertTensors
import AlbertTestModels
import Testing

@testable import AlbertDiagnosis

/// What recordings of a right model say of a subject whose own numbers show the damage.
@Suite("Diagnosis of damaged subjects by outputs")
struct HiddenDamageTests {
  private func said(_ name: String, _ spoil: (inout EditedModel) -> Void) throws -> [Diagnosis] {
    let model = EditedModel(try Fixtures.model("\(name)/hf").model)
    let inputs = try diagnosisInputs(model.config)
    let outputs = try ReferenceModel(model).forward(inputs)
    let known = Dictionary(uniqueKeysWithValues: outputs.map { ($0.stage, $0) })
    var subject = model
    spoil(&subject)
    let golden = GoldenOutputs(known.mapValues(\.shape), inputs, subject) {
      known[$0].map(ExpectedStage.init)
    }
    return OutputEvidence(subject, golden).diagnose().diagnoses
  }

  private func changeMatrices(
    _ model: inout EditedModel, _ change: ([Double], _ width: Int) -> [Double]
  ) {
    for spec in ParameterSpec.all(model.config, model.contents) where spec.shape.rank == 2 {
      let values = model.values(of: spec.parameter)
      model.apply(.replace(spec.parameter, change(values, spec.shape.dimensions[1])))
    }
  }

  @Test("Integers that are stored as Float32", arguments: Draft.names)
  func integers(_ name: String) throws {
    let all = try said(name) { model in
      changeMatrices(&model) { values, width in
        stride(from: 0, to: values.count, by: width).flatMap { start -> [Double] in
          let row = values[start..<start + width]
          let step = (row.map { abs($0) }.max() ?? 0) / 127
          return row.map { step > 0 ? ($0 / step).rounded() * step : 0 }
        }
      }
    }
    #expect(all.map(\.code) == [.precisionLoss])
    #expect(
      all.first?.message.hasSuffix(
        " matrices was quantised to int8 (one scale per row), whatever type it is stored in")
        == true,
      "\(all)")
  }

  @Test("Rows of the table that are all zero", arguments: Draft.names)
  func emptyRows(_ name: String) throws {
    var first = 0
    var count = 0
    let all = try said(name) { model in
      // Behind all words that the inputs have.
      count = model.config.vocabSize
      first = count - 4
      var values = model.values(of: Parameter(.wordEmbeddings))
      for index in first * model.config.embeddingSize..<values.count { values[index] = 0 }
      model.apply(.replace(Parameter(.wordEmbeddings), values))
    }
    #expect(all.map(\.code) == [.zeroed], "\(all)")
    #expect(
      all.first?.message
        == "the word embeddings is all zero in rows \(first) to \(count - 1) of \(count) (seen at "
        + "prediction_logits)")
  }
}
