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
  /// How far the config's word for the activation settles it, where it has one.
  public var activationWord: ActivationWord?
  /// The epsilon of every LayerNorm but the masked-LM head's.
  public var layerNormEps: Double?
  /// The epsilon of the masked-LM head's LayerNorm, where it is set apart.
  public var mlmLayerNormEps: Double?
  /// The group of each layer, where it is stated.
  public var layerMap: LayerMap?
  /// The kind of the task head, where it is stated.
  public var taskHead: TaskHead?
  /// The classes of Hugging Face's that the config names, for messages.
  public var architectures: [String] = []
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
    result.activationWord = hiddenAct == nil ? other.activationWord : activationWord
    result.layerNormEps = layerNormEps ?? other.layerNormEps
    result.mlmLayerNormEps = mlmLayerNormEps ?? other.mlmLayerNormEps
    result.layerMap = layerMap ?? other.layerMap
    result.taskHead = taskHead ?? other.taskHead
    result.numLabels = numLabels ?? other.numLabels
    result.architectures = architectures.isEmpty ? other.architectures : architectures
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

  /// The keys on which two configs of one model disagree, with what the other one says.
  ///
  /// A mere `gelu` is no disagreement: both then mean what the weights' publisher does.
  public func differences(from other: PartialConfig) -> [String] {
    let numbers: [(String, Int?, Int?)] = [
      ("vocab_size", vocabSize, other.vocabSize),
      ("embedding_size", embeddingSize, other.embeddingSize),
      ("hidden_size", hiddenSize, other.hiddenSize),
      ("intermediate_size", intermediateSize, other.intermediateSize),
      ("max_position_embeddings", maxPositionEmbeddings, other.maxPositionEmbeddings),
      ("type_vocab_size", typeVocabSize, other.typeVocabSize),
      ("num_hidden_layers", numHiddenLayers, other.numHiddenLayers),
      ("num_hidden_groups", numHiddenGroups, other.numHiddenGroups),
      ("inner_group_num", innerGroupNum, other.innerGroupNum),
      ("num_attention_heads", numAttentionHeads, other.numAttentionHeads),
    ]
    var found = numbers.compactMap { key, mine, theirs -> String? in
      guard let mine, let theirs, mine != theirs else { return nil }
      return "\(key) \(theirs) instead of \(mine)"
    }
    let areBothPlain =
      activationWord == .plainGelu && other.activationWord == .plainGelu
    if !areBothPlain, let hiddenAct, let theirs = other.hiddenAct, hiddenAct != theirs {
      found.append("hidden_act \(theirs.rawValue) instead of \(hiddenAct.rawValue)")
    }
    if let layerNormEps, let theirs = other.layerNormEps, layerNormEps != theirs {
      found.append("layer_norm_eps \(theirs) instead of \(layerNormEps)")
    }
    return found
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
