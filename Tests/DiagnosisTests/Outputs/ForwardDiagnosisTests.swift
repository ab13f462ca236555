import AlbertArchitecture
import AlbertConversion
import AlbertDiagnosis
import AlbertTensors
import AlbertTestModels
import AlbertVerification
import Testing

/// What golden files alone reveal: each defect is injected into a copy, which records the file.
@Suite("Diagnosis by outputs alone")
struct ForwardDiagnosisTests {
  /// One defect and what must be said of it first.
  struct Case: CustomTestStringConvertible, Sendable {
    let name: String
    let code: Diagnosis.Code
    var parameter: Parameter?
    var other: Parameter?
    let inject: @Sendable (inout DefectiveModel) -> Void

    var testDescription: String { name }

    init(
      _ name: String, _ code: Diagnosis.Code, _ parameter: Parameter? = nil,
      _ other: Parameter? = nil, _ inject: @escaping @Sendable (inout DefectiveModel) -> Void
    ) {
      self.name = name
      self.code = code
      self.parameter = parameter
      self.other = other
      self.inject = inject
    }
  }

  static let models = ["tiny-a/hf", "tiny-b/hf"]

  static let computation: [Case] = [
    Case("SiLU", .activation) { $0.config.hiddenAct = .silu },
    Case("ReLU", .activation) { $0.config.hiddenAct = .relu },
    Case("the other GELU", .activation) {
      $0.config.hiddenAct = $0.config.hiddenAct == .geluErf ? .geluTanh : .geluErf
    },
    Case("epsilon", .layerNormEpsilon) {
      $0.config.layerNormEps = 1e-5
      $0.config.mlmLayerNormEps = 1e-5
    },
    Case("MLM epsilon", .layerNormEpsilon) { $0.config.mlmLayerNormEps = 1e-5 },
    Case("heads", .headCount) { $0.config.numAttentionHeads = $0.config.hiddenSize / 8 },
    Case("mask ignored", .maskIgnored) { model in
      model.inputs = {
        try ModelInputs(
          inputIDs: $0.inputIDs, shape: $0.shape, tokenTypeIDs: $0.tokenTypeIDs)
      }
    },
    Case("segments ignored", .segmentsIgnored) { model in
      model.inputs = {
        try ModelInputs(
          inputIDs: $0.inputIDs, shape: $0.shape, attentionMask: $0.attentionMask)
      }
    },
    Case("positions from 1", .positionOffset, Parameter(.positionEmbeddings)) {
      $0.shift(.positionEmbeddings, by: 1)
    },
    Case("positions from 2", .positionOffset, Parameter(.positionEmbeddings)) {
      $0.shift(.positionEmbeddings, by: 2)
    },
    Case("positions from -2", .positionOffset, Parameter(.positionEmbeddings)) {
      $0.shift(.positionEmbeddings, by: -2)
    },
    Case("ids shifted", .vocabularyRows, Parameter(.wordEmbeddings)) { model in
      let most = model.config.vocabSize - 1
      model.inputs = {
        try ModelInputs(
          inputIDs: $0.inputIDs.map { min($0 + 1, most) }, shape: $0.shape,
          attentionMask: $0.attentionMask, tokenTypeIDs: $0.tokenTypeIDs)
      }
    },
    Case("f16", .precisionLoss) { $0.mapAll { Double(Float16($0)) } },
    Case("bf16 truncated", .precisionLoss) {
      $0.mapAll { Double(Float(bitPattern: Float($0).bitPattern & 0xFFFF_0000)) }
    },
    Case("bf16", .precisionLoss) { $0.mapAll { Double(BFloat16(Float($0)).float) } },
    Case("scores not scaled", .scaled) { model in
      let factor = Double(model.config.headSize).squareRoot()
      for group in 0..<model.config.numHiddenGroups {
        for inner in 0..<model.config.innerGroupNum {
          for role in [ParameterRole.keyWeight, .keyBias] {
            model[role, group, inner] = model[role, group, inner].map { $0 * factor }
          }
        }
      }
    },
    Case("word embeddings scaled", .scaled, Parameter(.wordEmbeddings)) { model in
      model.contents.untiedDecoder = true
      model[.mlmDecoderWeight] = model[.wordEmbeddings]
      let factor = Double(model.config.embeddingSize).squareRoot()
      model[.wordEmbeddings] = model[.wordEmbeddings].map { $0 * factor }
    },
    Case("word embeddings and decoder scaled", .scaled, Parameter(.wordEmbeddings)) { model in
      let factor = Double(model.config.embeddingSize).squareRoot()
      model[.wordEmbeddings] = model[.wordEmbeddings].map { $0 * factor }
    },
  ]

  static let parameters: [Case] = [
    Case("key transposed", .transposed, Parameter(.keyWeight)) { $0.transpose(.keyWeight) },
    Case("query transposed", .transposed, Parameter(.queryWeight)) { $0.transpose(.queryWeight) },
    Case("value transposed", .transposed, Parameter(.valueWeight)) { $0.transpose(.valueWeight) },
    Case("output transposed", .transposed, Parameter(.attentionOutputWeight)) {
      $0.transpose(.attentionOutputWeight)
    },
    Case("pooler transposed", .transposed, Parameter(.poolerWeight)) {
      $0.transpose(.poolerWeight)
    },
    Case("query and key", .swapped, Parameter(.queryWeight), Parameter(.keyWeight)) {
      $0.swap(.queryWeight, .keyWeight)
      $0.swap(.queryBias, .keyBias)
    },
    Case("biases of query and value", .swapped, Parameter(.queryBias), Parameter(.valueBias)) {
      $0.swap(.queryBias, .valueBias)
    },
    Case(
      "biases of attention and feed-forward", .swapped, Parameter(.attentionOutputBias),
      Parameter(.ffnOutputBias)
    ) {
      $0.swap(.attentionOutputBias, .ffnOutputBias)
    },
    Case("key and value", .swapped, Parameter(.keyWeight), Parameter(.valueWeight)) {
      $0.swap(.keyWeight, .valueWeight)
      $0.swap(.keyBias, .valueBias)
    },
    Case("query and value", .swapped, Parameter(.queryWeight), Parameter(.valueWeight)) {
      $0.swap(.queryWeight, .valueWeight)
      $0.swap(.queryBias, .valueBias)
    },
    Case(
      "gamma and beta", .swapped, Parameter(.attentionLayerNormWeight),
      Parameter(.attentionLayerNormBias)
    ) { $0.swap(.attentionLayerNormWeight, .attentionLayerNormBias) },
    Case(
      "embedding gamma and beta", .swapped, Parameter(.embeddingLayerNormWeight),
      Parameter(.embeddingLayerNormBias)
    ) { $0.swap(.embeddingLayerNormWeight, .embeddingLayerNormBias) },
    Case(
      "two LayerNorms", .swapped, Parameter(.attentionLayerNormWeight),
      Parameter(.fullLayerNormWeight)
    ) {
      $0.swap(.attentionLayerNormWeight, .fullLayerNormWeight)
      $0.swap(.attentionLayerNormBias, .fullLayerNormBias)
    },
    Case("heads interleaved in q, k, v", .permutedHeads, Parameter(.queryWeight)) { model in
      for role in [ParameterRole.queryWeight, .keyWeight, .valueWeight] {
        model.interleaveHeads(role)
        if let bias = role.biasRole { model.interleaveHeads(bias) }
      }
    },
    Case("heads interleaved in v", .permutedHeads, Parameter(.valueWeight)) {
      $0.interleaveHeads(.valueWeight)
      $0.interleaveHeads(.valueBias)
    },
    Case("segments exchanged", .swapped, Parameter(.tokenTypeEmbeddings)) { model in
      let width = model.config.embeddingSize
      let rows = model[.tokenTypeEmbeddings]
      model[.tokenTypeEmbeddings] = Array(rows[width...] + rows[..<width])
    },
    Case("position table zero", .zeroed, Parameter(.positionEmbeddings)) {
      $0.scale(.positionEmbeddings, by: 0)
    },
    Case("segment table zero", .zeroed, Parameter(.tokenTypeEmbeddings)) {
      $0.scale(.tokenTypeEmbeddings, by: 0)
    },
    Case("SOP weight zero", .zeroed, Parameter(.sopWeight)) { $0.scale(.sopWeight, by: 0) },
    Case("FFN weight zero", .zeroed, Parameter(.ffnWeight)) { $0.scale(.ffnWeight, by: 0) },
    Case("MLM bias doubled", .biasDoubled, Parameter(.mlmBias)) { $0.scale(.mlmBias, by: 2) },
    Case("MLM bias halved", .biasDoubled, Parameter(.mlmBias)) { $0.scale(.mlmBias, by: 0.5) },
    Case("SOP labels flipped", .sopLabelsFlipped, Parameter(.sopWeight)) { model in
      let h = model.config.hiddenSize
      model[.sopWeight] = Array(model[.sopWeight][h...] + model[.sopWeight][..<h])
      model[.sopBias].reverse()
    },
  ]

  static let signs: [Case] = [
    ParameterRole.projectionWeight, .queryWeight, .valueWeight, .attentionOutputWeight,
    .ffnWeight, .ffnOutputWeight, .fullLayerNormWeight, .poolerWeight, .mlmDenseWeight, .sopWeight,
    .ffnBias,
  ].map { role in
    Case("sign of \(role)", .signFlipped, Parameter(role)) { $0.scale(role, by: -1) }
  }

  static let missing: [Case] = [
    ParameterRole.embeddingLayerNormBias, .projectionBias, .queryBias, .valueBias,
    .attentionOutputBias, .attentionLayerNormBias, .ffnBias, .ffnOutputBias, .poolerBias,
    .mlmDenseBias, .mlmBias, .sopBias,
  ].map { role in
    Case("without \(role)", .biasMissing, Parameter(role)) { $0.scale(role, by: 0) }
  }

  static let factors: [Case] = [
    ParameterRole.queryWeight, .ffnOutputWeight, .mlmDenseWeight, .sopWeight, .poolerWeight,
    .attentionLayerNormWeight,
  ].map { role in
    Case("scaled \(role)", .scaled, Parameter(role)) { $0.scale(role, by: 1.37) }
  }

  static let numbers = signs + missing + factors

  @Test("A defect of the computation is named", arguments: computation, models)
  func namesComputations(_ defect: Case, _ model: String) throws { try expect(defect, model) }

  @Test("A defect of a parameter is named", arguments: parameters.indices)
  func namesParameters(_ index: Int) throws {
    try expect(Self.parameters[index], Self.models[index % 2])
  }

  @Test("A sign, an absent bias or a factor is named", arguments: numbers.indices)
  func namesNumbers(_ index: Int) throws {
    try expect(Self.numbers[index], Self.models[index / 2 % 2])
  }

  private func expect(_ defect: Case, _ name: String) throws {
    let model = try Fixtures.model(name)
    var defective = DefectiveModel(model.model)
    defect.inject(&defective)
    let golden = try DefectiveGolden(defective, diagnosisInputs(model.model.config))
    let result = try Verification.verify(
      model, golden: golden.file, Verification.Options(engines: .reference))
    let first = try #require(result.diagnosis.first, "nothing was said")
    #expect(!result.passes)
    #expect(first.code == defect.code, "\(result.diagnosis)")
    #expect(first.parameter == defect.parameter?.name, "\(first)")
    #expect(first.otherParameter == defect.other?.name, "\(first)")
    #expect(first.explains > 0.99, "\(first)")
    #expect(result.diagnosis.count == 1, "\(result.diagnosis)")
  }
}
