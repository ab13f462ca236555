import Testing

@testable import AlbertArchitecture

/// The published sizes and their counts, as the publishers' own code reports them.
private struct Published: CustomTestStringConvertible {
  let name: String
  let config: AlbertConfig
  let counts: [Int]
  var testDescription: String { name }

  init(
    _ name: String, v: Int = 30_000, h: Int, layers: Int, heads: Int, ffn: Int, _ counts: [Int]
  ) {
    self.name = name
    config = AlbertConfig(
      vocabSize: v, embeddingSize: 128, hiddenSize: h, intermediateSize: ffn,
      maxPositionEmbeddings: 512, typeVocabSize: 2, numHiddenLayers: layers,
      numAttentionHeads: heads, hiddenAct: .geluTanh)
    self.counts = counts
  }

  static let all = [
    Published(
      "base", h: 768, layers: 12, heads: 12, ffn: 3072,
      [11_092_992, 11_683_584, 11_221_680, 11_813_810, 89_650_176, 109_081_344]),
    Published(
      "large", h: 1024, layers: 24, heads: 16, ffn: 4096,
      [16_634_368, 17_683_968, 16_795_824, 17_847_474, 307_397_120, 334_607_360]),
    Published(
      "xlarge", h: 2048, layers: 24, heads: 16, ffn: 8192,
      [54_528_512, 58_724_864, 54_821_040, 59_021_490, 1_216_965_120, 1_275_291_648]),
    Published(
      "xxlarge", h: 4096, layers: 12, heads: 64, ffn: 16384,
      [205_814_272, 222_595_584, 206_368_944, 223_158_450, 2_437_773_824, 2_558_332_928]),
    Published(
      "zh tiny", v: 21128, h: 312, layers: 4, heads: 12, ffn: 1248,
      [3_982_864, 4_080_520, 4_044_312, 4_142_594, 7_597_072, 11_539_320]),
    Published(
      "indic-bert", v: 200_000, h: 768, layers: 12, heads: 12, ffn: 3072,
      [32_852_992, 33_443_584, 33_151_680, 33_743_810, 111_410_176, 239_641_344]),
  ]
}

@Suite struct ParameterCountTests {
  @Test(arguments: Published.all)
  fileprivate func countsEqualThePublishedOnes(_ published: Published) {
    let config = published.config
    let counts = [
      ParameterCount(config, .backboneWithoutPooler).total,
      ParameterCount(config, .backbone).total,
      ParameterCount(config, .maskedLM).total,
      ParameterCount(config, .preTraining).total,
      ParameterCount.unsharedEquivalent(config),
      ParameterCount.bertEquivalent(config),
    ]
    #expect(counts == published.counts)
  }

  @Test func anIdentityProjectionCountsAsNoParameters() {
    var config = Published.all[0].config
    config.embeddingSize = config.hiddenSize
    let with = ParameterCount(config, .backbone).total
    config.embeddingProjectionIsIdentity = true
    #expect(with - ParameterCount(config, .backbone).total == 768 * 768 + 768)
  }
}

@Suite struct ParameterSpecTests {
  @Test func namesAreUniqueAndQueryKeyValueAreNeighbours() throws {
    var config = Published.all[0].config
    config.numHiddenGroups = 3
    config.innerGroupNum = 2
    let specs = ParameterSpec.all(config, .preTraining)
    #expect(Set(specs.map(\.name)).count == specs.count)
    for (index, spec) in specs.enumerated() where spec.parameter.role == .queryWeight {
      #expect(
        specs[index..<index + 6].map(\.parameter.role) == [
          .queryWeight, .keyWeight, .valueWeight, .queryBias, .keyBias, .valueBias,
        ])
    }
    #expect(specs.filter { $0.parameter.role == .ffnWeight }.count == 6)
  }

  @Test func namesAreThoseOfHuggingFace() {
    #expect(
      Parameter(.queryWeight, group: 1, inner: 2).name
        == "albert.encoder.albert_layer_groups.1.albert_layers.2.attention.query.weight")
    #expect(Parameter(.poolerWeight, group: 1, inner: 2).name == "albert.pooler.weight")
  }

  @Test func theTwoPublishersMapSomeLayersDifferently() {
    #expect(
      LayerMap.huggingFace(layers: 24, groups: 3) == LayerMap.google(layers: 24, groups: 3))
    #expect(
      LayerMap.huggingFace(layers: 22, groups: 22) != LayerMap.google(layers: 22, groups: 22))
    #expect(
      LayerMap.huggingFace(layers: 36, groups: 14) != LayerMap.google(layers: 36, groups: 14))
  }

  @Test func aConfigThatContradictsItselfSaysWhy() {
    var config = Published.all[0].config
    #expect(config.contradictions.isEmpty)
    config.numAttentionHeads = 7
    #expect(
      config.contradictions == ["hidden_size 768 is not a multiple of num_attention_heads 7"])
    config.numHiddenLayers = .max
    #expect(config.contradictions.first?.contains("num_hidden_layers") == true)
  }

  @Test func sizesThatNoCountCanHoldAreAContradiction() {
    let most = AlbertConfig.largestSize
    let layers = AlbertConfig.maxLayers
    func config(_ size: Int, layers: Int, inner: Int) -> AlbertConfig {
      AlbertConfig(
        vocabSize: size, embeddingSize: size, hiddenSize: size, intermediateSize: size,
        maxPositionEmbeddings: size, typeVocabSize: size, numHiddenLayers: layers,
        innerGroupNum: inner, numAttentionHeads: size, hiddenAct: .relu)
    }
    #expect(
      config(most, layers: 1, inner: 1).contradictions
        == ["the sizes together make a model whose cost exceeds what can be counted"])
    #expect(
      config(8, layers: layers, inner: 2).contradictions
        == ["num_hidden_layers x inner_group_num exceeds 4096"])
    // Whatever is let pass can be counted.
    for exponent in 0...24 {
      for (layers, inner) in [(1, 1), (layers, 1), (1, layers), (64, 64)] {
        let config = config(1 << exponent, layers: layers, inner: inner)
        guard config.contradictions.isEmpty else { continue }
        #expect(exponent < 20)
        var contents = ModelContents.preTraining
        contents.untiedDecoder = true
        #expect(MemoryCost(config, contents).f32 > 0)
        #expect(ParameterCount.bertEquivalent(config) > 0)
        let length = config.maxPositionEmbeddings
        #expect(ForwardCost.flops(config, length: length) > 0)
        #expect(MemoryCost.activations(config, length: length) > 0)
      }
    }
  }
}
