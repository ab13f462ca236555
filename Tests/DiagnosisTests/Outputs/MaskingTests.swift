import AlbertArchitecture
import AlbertReferenceModel
import AlbertTensors
import AlbertTestModels
import AlbertVerification
import Testing

/// Outputs of runtimes that use the mask otherwise than to hide padding.
@Suite struct MaskingTests {
  /// What tiny-a computes so, recorded in Float32: all stages, or the last one alone.
  @Test(arguments: Masking.mistaken.indices, [false, true])
  func mistakesAreNamed(choice: Int, lastAlone: Bool) throws {
    let (masking, words) = Masking.mistaken[choice]
    let result = try verified(masking, lastAlone: lastAlone)
    #expect(!result.passes)
    #expect(result.diagnosis.map(\.code.rawValue) == ["mask-misapplied"])
    let message = try #require(result.diagnosis.first?.message)
    #expect(message.contains("was computed with \(words)"), "\(message)")
    #expect(try #require(result.diagnosis.first?.explains) > 0.9)
  }

  /// Alone, a row without padding whose tokens count alike looks as if the query's weight were zero.
  @Test(arguments: Masking.mistaken.indices)
  func rowsWithoutPaddingMislead(choice: Int) throws {
    let (masking, words) = Masking.mistaken[choice]
    let result = try verified(
      masking, lastAlone: true,
      try ModelInputs(
        inputIDs: (0..<33).map { 4 + $0 * 7 % 60 }, shape: Shape([3, 11]),
        attentionMask: [11, 7, 4].flatMap { count in (0..<11).map { $0 < count ? 1 : 0 } }))
    #expect(result.diagnosis.map(\.code.rawValue) == ["mask-misapplied"], "\(result.diagnosis)")
    #expect(result.diagnosis.first?.message.contains("was computed with \(words)") == true)
  }

  /// Numbers that no list has are read off the outputs.
  @Test(arguments: [(-3.0, "-3"), (-7.5, "-7.5"), (-0.25, "-0.25"), (1.5, "1.5"), (3, "3")])
  func anyNumberThatHidesTooLittleIsNamed(amount: Double, number: String) throws {
    let result = try verified(Masking.weak(-amount).masking, lastAlone: amount > 2)
    #expect(result.diagnosis.map(\.code.rawValue) == ["mask-misapplied"], "\(result.diagnosis)")
    let words = amount < 0 ? "no more than \(number) added to" : "with \(number) added to"
    let message = try #require(result.diagnosis.first?.message)
    #expect(message.contains(words), "\(message)")
  }

  @Test func upstreamsMaskIsRight() throws {
    #expect(try verified(.hiding, lastAlone: false).passes)
  }

  private func verified(
    _ masking: Masking, lastAlone: Bool, _ inputs: ModelInputs? = nil
  ) throws -> VerificationResult {
    let loaded = try Fixtures.model("tiny-a/hf")
    let inputs = try inputs ?? diagnosisInputs(loaded.model.config)
    let golden = try DefectiveGolden(
      DefectiveModel(loaded.model), inputs, stages: lastAlone ? [.predictionLogits] : nil,
      single: true
    ) { outputs in
      let model = ReferenceModel(loaded.model, masking: masking)
      outputs = try model.forward(inputs, stages: outputs.map(\.stage))
    }
    return try Verification.verify(loaded, golden: golden.file)
  }
}
