import AlbertArchitecture
import AlbertReferenceModel
import AlbertTestModels
import AlbertVerification
import Testing

/// Outputs of runtimes that multiply in fewer bits than Float32 has.
@Suite struct ProductPrecisionTests {
  @Test func factorsKeepTheirFirstBits() {
    let choices = ProductPrecision.reduced.map(\.precision)
    let value = 1 + 0x1p-10 + 0x1.8p-11
    let kept: [Double] = [1 + 0x1p-9, 1 + 0x1p-10, 1, 1]
    #expect(choices.map { $0(value) } == kept)
    #expect(choices.map { $0(-value) } == kept.map { -$0 })
    #expect(choices.allSatisfy { $0(.infinity) == .infinity && $0(0) == 0 })
    #expect(ProductPrecision.full(value) == value)
    #expect(choices.map(\.roundoff) == [0x1p-11, 0x1p-10, 0x1p-8, 0x1p-7])
  }

  /// What tiny-a computes so, recorded in Float32: all stages, or the last one alone.
  @Test(arguments: 0..<4, [false, true])
  func areNamed(choice: Int, lastAlone: Bool) throws {
    let loaded = try Fixtures.model("tiny-a/hf")
    let (precision, name) = ProductPrecision.reduced[choice]
    let inputs = try diagnosisInputs(loaded.model.config)
    let golden = try DefectiveGolden(
      DefectiveModel(loaded.model), inputs, stages: lastAlone ? [.predictionLogits] : nil,
      single: true
    ) { outputs in
      let model = ReferenceModel(loaded.model, products: precision)
      outputs = try model.forward(inputs, stages: outputs.map(\.stage))
    }
    let result = try Verification.verify(loaded, golden: golden.file)
    #expect(!result.passes)
    #expect(result.diagnosis.map(\.code.rawValue) == ["precision-loss"])
    let message = try #require(result.diagnosis.first?.message)
    #expect(message.contains("the factors of its products rounded to \(name)"))
    #expect(try #require(result.diagnosis.first?.explains) > 0.9)
  }

  /// A defect beside it is named too, and none in its place.
  @Test func hideNoOtherDefect() throws {
    let loaded = try Fixtures.model("tiny-a/hf")
    let inputs = try diagnosisInputs(loaded.model.config)
    var defective = DefectiveModel(loaded.model)
    defective.transpose(.queryWeight)
    let golden = try DefectiveGolden(defective, inputs, single: true) { outputs in
      let model = ReferenceModel(defective, products: ProductPrecision.reduced[0].precision)
      outputs = try model.forward(inputs, stages: outputs.map(\.stage))
    }
    let result = try Verification.verify(loaded, golden: golden.file)
    let codes = result.diagnosis.map(\.code.rawValue)
    #expect(codes.contains("transposed") && codes.contains("precision-loss"), "\(codes)")
  }
}
