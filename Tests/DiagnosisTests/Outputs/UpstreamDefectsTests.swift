import AlbertArchitecture
import AlbertConversion
import AlbertDiagnosis
import AlbertTestModels
import AlbertVerification
import Testing

/// Defects that were injected into transformers, which recorded the golden files itself.
@Suite("Diagnosis of what transformers recorded")
struct UpstreamDefectsTests {
  static let defects: [(file: String, code: Diagnosis.Code, parameter: Parameter?)] = [
    ("activation", .activation, nil),
    ("epsilon", .layerNormEpsilon, nil),
    ("mask-ignored", .maskIgnored, nil),
    ("segments-ignored", .segmentsIgnored, nil),
    ("query-key-swapped", .swapped, Parameter(.queryWeight)),
    ("key-transposed", .transposed, Parameter(.keyWeight)),
    ("position-offset", .positionOffset, Parameter(.positionEmbeddings)),
    ("layer-count", .layerCount, nil),
    ("bias-doubled", .biasDoubled, Parameter(.mlmBias)),
    ("heads-interleaved", .permutedHeads, Parameter(.queryWeight)),
    ("untied-decoder", .untiedDecoder, Parameter(.mlmDecoderWeight)),
    ("sop-flipped", .sopLabelsFlipped, Parameter(.sopWeight)),
  ]

  @Test("A defect in the library is named", arguments: defects.indices, ["tiny-a", "tiny-b"])
  func names(_ index: Int, _ config: String) throws {
    let defect = Self.defects[index]
    let result = try Verification.verify(
      try Fixtures.model("\(config)/hf"),
      golden: try Fixtures.recorded("defects/\(config)-\(defect.file).npz"))
    #expect(result.diagnosis.map(\.code) == [defect.code], "\(result.diagnosis)")
    #expect(result.diagnosis.first?.parameter == defect.parameter?.name)
    #expect((result.diagnosis.first?.explains ?? 0) > (defect.code == .untiedDecoder ? 0.1 : 0.9))
  }

  @Test("Layers that all use the first group are named")
  func groups() throws {
    let result = try Verification.verify(
      try Fixtures.model("tiny-b/hf"),
      golden: try Fixtures.recorded("defects/tiny-b-group-map.npz"))
    #expect(result.diagnosis.map(\.code) == [.groupMap], "\(result.diagnosis)")
    #expect(result.diagnosis.first?.message.contains("group 0 in every layer") == true)
  }
}
