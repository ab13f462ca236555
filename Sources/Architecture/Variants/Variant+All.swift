extension Variant {
  /// Every published variant, in order of publication and size.
  ///
  /// Sources: arXiv:1909.11942, tables 1 and 2; github.com/google-research/albert;
  /// github.com/brightmart/albert_zh; the configs of the named repositories on Hugging Face.
  public static let all: [Variant] = english + chinese + others

  private static let english: [Variant] = ["v1", "v2"].flatMap { version in
    [
      size("base", 768, layers: 12, heads: 12, millions: 12),
      size("large", 1024, layers: 24, heads: 16, millions: 18),
      size("xlarge", 2048, layers: 24, heads: 16, millions: 60),
      size("xxlarge", 4096, layers: 12, heads: 64, millions: 235),
    ].map { size in
      var config = size.config
      config.hiddenAct = version == "v1" ? .geluErf : .geluTanh
      let dropout = version == "v1" && size.name != "xxlarge" ? 0.1 : 0
      config.passthrough.hiddenDropoutProb = dropout
      config.passthrough.attentionProbsDropoutProb = dropout
      return Variant(
        name: "albert-\(size.name)-\(version)", publisher: "Google", config: config,
        trainedWith: .geluTanh, paperParameters: size.millions * 1_000_000,
        remark: size.name == "xxlarge"
          ? "the paper's 235 M does not follow from its sizes, which give 223 M"
          : version == "v1"
            ? "Hugging Face's config says the exact GELU; Google trained with the tanh form" : nil)
    }
  }

  private static let chinese: [Variant] =
    [
      size("base", 768, layers: 12, heads: 12, millions: 0),
      size("large", 1024, layers: 24, heads: 16, millions: 0),
      size("xlarge", 2048, layers: 24, heads: 16, millions: 0),
      size("xxlarge", 4096, layers: 12, heads: 16, millions: 0),
    ].map { size in
      var config = size.config
      config.vocabSize = 21128
      config.hiddenAct = .relu
      return published("albert-\(size.name)-zh", "Google", config)
    } + [
      brightmart("tiny", 312, layers: 4), brightmart("small", 384, layers: 6),
    ]

  private static func brightmart(_ name: String, _ hidden: Int, layers: Int) -> Variant {
    var config = size(name, hidden, layers: layers, heads: 12, millions: 0).config
    config.vocabSize = 21128
    return published("albert-\(name)-zh", "brightmart", config)
  }

  private static let others: [Variant] = {
    var plbert = size("", 768, layers: 12, heads: 12, millions: 0).config
    plbert.vocabSize = 178
    plbert.intermediateSize = 2048
    var indic = size("", 768, layers: 12, heads: 12, millions: 0).config
    indic.vocabSize = 200_000
    indic.hiddenAct = .geluErf
    return [
      published("plbert", "PL-BERT (phonemes, for StyleTTS2)", plbert),
      published(
        "indic-bert", "AI4Bharat", indic, trainedWith: .geluTanh,
        remark: "its config says the exact GELU; Google's code trained it with the tanh form"),
    ]
  }()

  private static func published(
    _ name: String, _ publisher: String, _ config: AlbertConfig, trainedWith: Activation? = nil,
    remark: String? = nil
  ) -> Variant {
    Variant(
      name: name, publisher: publisher, config: config,
      trainedWith: trainedWith ?? config.hiddenAct, paperParameters: nil, remark: remark)
  }

  /// The sizes that all variants have in common, with the feed-forward width at four times H.
  private static func size(
    _ name: String, _ hidden: Int, layers: Int, heads: Int, millions: Int
  ) -> (name: String, config: AlbertConfig, millions: Int) {
    let config = AlbertConfig(
      vocabSize: 30_000, embeddingSize: 128, hiddenSize: hidden, intermediateSize: 4 * hidden,
      maxPositionEmbeddings: 512, typeVocabSize: 2, numHiddenLayers: layers,
      numAttentionHeads: heads, hiddenAct: .geluTanh)
    return (name, config, millions)
  }
}
