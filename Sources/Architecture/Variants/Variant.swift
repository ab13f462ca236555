/// A published ALBERT: its name, its config as published, and what the paper prints of its size.
public struct Variant: Equatable, Sendable {
  /// The name, such as `albert-base-v2`.
  public let name: String
  /// Who published it.
  package let publisher: String
  /// The config as published on Hugging Face, or by its publisher.
  public let config: AlbertConfig
  /// The activation that it was trained with, which a published config may state wrongly.
  package let trainedWith: Activation
  /// The figure of the paper (table 1), in parameters; nil where the paper has none.
  package let paperParameters: Int?
  /// What a reader should know of the figure or the config; nil where nothing is odd.
  package let remark: String?

  /// The backbone with its pooler, as it is published bare.
  public var parameters: Int { ParameterCount(config, .backbone).total }
}

extension Variant {
  /// The published variant of a name.
  package static func named(_ name: String) -> Variant? { all.first { $0.name == name } }

  /// Every variant that `config` may be, by sizes, activation and dropout.
  ///
  /// Google's own configs state the activation of the training, Hugging Face's what is published;
  /// either fits. Dropout tells v1 from v2 except for xxlarge, which had none in both.
  ///
  /// - Parameter config: The config of a model.
  /// - Returns: The variants that fit, in order of publication; none for a model that was not published.
  public static func matching(_ config: AlbertConfig) -> [Variant] {
    let fitting = all.filter { variant in
      variant.config.hasSizes(of: config)
        && (config.hiddenAct == variant.config.hiddenAct || config.hiddenAct == variant.trainedWith)
    }
    guard let dropout = config.passthrough.hiddenDropoutProb else { return fitting }
    let exact = fitting.filter { ($0.config.passthrough.hiddenDropoutProb ?? dropout) == dropout }
    return exact.isEmpty ? fitting : exact
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
