public import Albert

/// What a config file, or the shapes in a checkpoint, say of a model; nil where they say nothing.
public struct PartialConfig: Equatable, Sendable {
  /// V.
  public var vocabSize: Int?
  /// E.
  public var embeddingSize: Int?
  /// H.
  public var hiddenSize: Int?
  /// The feed-forward width.
  public var intermediateSize: Int?
  /// P.
  public var maxPositionEmbeddings: Int?
  /// T.
  public var typeVocabSize: Int?
  /// L.
  public var numHiddenLayers: Int?
  /// G.
  public var numHiddenGroups: Int?
  /// Inner layers per group.
  public var innerGroupNum: Int?
  /// Attention heads.
  public var numAttentionHeads: Int?
  /// The activation.
  public var hiddenAct: Activation?
  /// The word for it in the config, which publishers' codes understand in different ways.
  public var hiddenActWord: String?
  /// The epsilon of every LayerNorm but the masked-LM head's.
  public var layerNormEps: Double?
  /// The epsilon of the masked-LM head's LayerNorm, where it is set apart.
  public var mlmLayerNormEps: Double?
  /// The group of each layer, where it is stated.
  public var layerMap: LayerMap?
  /// The kind of the task head, where it is stated.
  public var taskHead: TaskHead?
  /// The classes of a task head, where they are stated.
  public var numLabels: Int?
  /// Whether the vocabulary projection is the word embeddings; upstream's default is true.
  public var tieWordEmbeddings: Bool?
  /// Values that go with the model.
  public var carried = CarriedConfig()
  /// What was noticed while reading.
  public var findings: [Finding] = []

  /// A config of which nothing is known.
  public init() {}

  /// This config with what it does not say taken from `other`.
  public func filled(from other: PartialConfig) -> PartialConfig {
    var result = self
    result.vocabSize = vocabSize ?? other.vocabSize
    result.embeddingSize = embeddingSize ?? other.embeddingSize
    result.hiddenSize = hiddenSize ?? other.hiddenSize
    result.intermediateSize = intermediateSize ?? other.intermediateSize
    result.maxPositionEmbeddings = maxPositionEmbeddings ?? other.maxPositionEmbeddings
    result.typeVocabSize = typeVocabSize ?? other.typeVocabSize
    result.numHiddenLayers = numHiddenLayers ?? other.numHiddenLayers
    result.numHiddenGroups = numHiddenGroups ?? other.numHiddenGroups
    result.innerGroupNum = innerGroupNum ?? other.innerGroupNum
    result.numAttentionHeads = numAttentionHeads ?? other.numAttentionHeads
    result.hiddenAct = hiddenAct ?? other.hiddenAct
    result.layerNormEps = layerNormEps ?? other.layerNormEps
    result.mlmLayerNormEps = mlmLayerNormEps ?? other.mlmLayerNormEps
    result.layerMap = layerMap ?? other.layerMap
    result.taskHead = taskHead ?? other.taskHead
    result.numLabels = numLabels ?? other.numLabels
    result.tieWordEmbeddings = tieWordEmbeddings ?? other.tieWordEmbeddings
    return result
  }

  /// The keys, by Hugging Face's names, without which no model can be computed and that are nil.
  public var missingKeys: [String] {
    let required: [(String, Bool)] = [
      ("vocab_size", vocabSize == nil), ("embedding_size", embeddingSize == nil),
      ("hidden_size", hiddenSize == nil), ("intermediate_size", intermediateSize == nil),
      ("max_position_embeddings", maxPositionEmbeddings == nil),
      ("type_vocab_size", typeVocabSize == nil), ("num_hidden_layers", numHiddenLayers == nil),
      ("num_hidden_groups", numHiddenGroups == nil), ("inner_group_num", innerGroupNum == nil),
      ("num_attention_heads", numAttentionHeads == nil), ("hidden_act", hiddenAct == nil),
    ]
    return required.filter(\.1).map(\.0)
  }

  /// The complete config; nil where `missingKeys` is not empty.
  ///
  /// The map of layers to groups follows `rule` unless it is stated; the epsilon is 1e-12, as in
  /// every published ALBERT, unless stated.
  public func completed(rule: (_ layers: Int, _ groups: Int) -> LayerMap) -> AlbertConfig? {
    guard let vocabSize, let embeddingSize, let hiddenSize, let intermediateSize,
      let maxPositionEmbeddings, let typeVocabSize, let numHiddenLayers, let numHiddenGroups,
      let innerGroupNum, let numAttentionHeads, let hiddenAct
    else { return nil }
    let sane = 1...AlbertConfig.mostLayers
    let map =
      layerMap
      ?? (sane.contains(numHiddenLayers) && sane.contains(numHiddenGroups)
        ? rule(numHiddenLayers, numHiddenGroups) : LayerMap(groups: []))
    var config = AlbertConfig(
      vocabSize: vocabSize, embeddingSize: embeddingSize, hiddenSize: hiddenSize,
      intermediateSize: intermediateSize, maxPositionEmbeddings: maxPositionEmbeddings,
      typeVocabSize: typeVocabSize, numHiddenLayers: numHiddenLayers,
      numHiddenGroups: numHiddenGroups, innerGroupNum: innerGroupNum,
      numAttentionHeads: numAttentionHeads, hiddenAct: hiddenAct,
      layerNormEps: layerNormEps ?? 1e-12, mlmLayerNormEps: mlmLayerNormEps, layerMap: map)
    config.taskHead = taskHead
    config.numLabels = numLabels ?? 0
    config.carried = carried
    return config
  }
}
