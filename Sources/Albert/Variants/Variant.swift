/// A published ALBERT: its name, its config as published, and what the paper prints of its size.
public struct Variant: Equatable, Sendable {
  /// The name, such as `albert-base-v2`.
  public let name: String
  /// Who published it.
  public let publisher: String
  /// The config as published on Hugging Face, or by its publisher.
  public let config: AlbertConfig
  /// The activation that it was trained with, which a published config may state wrongly.
  public let trainedWith: Activation
  /// The figure of the paper (table 1), in parameters; nil where the paper has none.
  public let paperParameters: Int?
  /// What a reader should know of the figure or the config; nil where nothing is odd.
  public let remark: String?

  /// The backbone with its pooler, as it is published bare.
  public var parameters: Int { ParameterCount(config, .backbone).total }
}

extension Variant {
  /// The published variant of a name.
  public static func named(_ name: String) -> Variant? { all.first { $0.name == name } }

  /// Every variant whose sizes and activation are those of `config`, in order of publication.
  ///
  /// Dropout and the activation that a config states tell v1 from v2 for the sizes where they
  /// differ; xxlarge's cannot be told apart by sizes.
  public static func matching(_ config: AlbertConfig) -> [Variant] {
    all.filter { variant in
      let published = variant.config
      return published.hasSizes(of: config)
        && (config.hiddenAct == published.hiddenAct || config.hiddenAct == variant.trainedWith)
    }
  }
}

extension AlbertConfig {
  /// Whether all sizes are equal, so that the weights of one would load into the other.
  func hasSizes(of other: AlbertConfig) -> Bool {
    vocabSize == other.vocabSize && embeddingSize == other.embeddingSize
      && hiddenSize == other.hiddenSize && intermediateSize == other.intermediateSize
      && maxPositionEmbeddings == other.maxPositionEmbeddings
      && typeVocabSize == other.typeVocabSize && numHiddenLayers == other.numHiddenLayers
      && numHiddenGroups == other.numHiddenGroups && innerGroupNum == other.innerGroupNum
      && numAttentionHeads == other.numAttentionHeads
  }
}
