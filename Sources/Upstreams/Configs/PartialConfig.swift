package import AlbertArchitecture

/// What a config file, or the shapes in a checkpoint, say of a model; nil where they say nothing.
package struct PartialConfig: Equatable, Sendable {
  /// V.
  package var vocabSize: Int?
  /// E.
  package var embeddingSize: Int?
  /// H.
  package var hiddenSize: Int?
  /// The feed-forward width.
  package var intermediateSize: Int?
  /// P.
  package var maxPositionEmbeddings: Int?
  /// T.
  package var typeVocabSize: Int?
  /// L.
  package var numHiddenLayers: Int?
  /// G.
  package var numHiddenGroups: Int?
  /// Inner layers per group.
  package var innerGroupNum: Int?
  /// Attention heads.
  package var numAttentionHeads: Int?
  /// The activation.
  package var hiddenAct: Activation?
  /// How far the config's word for the activation settles it, where it has one.
  package var activationWord: ActivationWord?
  /// The epsilon of every LayerNorm but the masked-LM head's.
  package var layerNormEps: Double?
  /// The epsilon of the masked-LM head's LayerNorm, where it is set apart.
  package var mlmLayerNormEps: Double?
  /// The group of each layer, where it is stated.
  package var layerMap: LayerMap?
  /// Whether LayerNorm comes before or after each sublayer, in the word of brightmart's code, where it is
  /// stated.
  package var layerNormOrder: String?
  /// The kind of the task head, where it is stated.
  package var taskHead: TaskHead?
  /// The classes of Hugging Face's that the config names, for messages.
  package var architectures: [String] = []
  /// The classes of a task head, where they are stated.
  package var numLabels: Int?
  /// Whether the vocabulary projection is the word embeddings; upstream's default is true.
  package var tieWordEmbeddings: Bool?
  /// What an exporter left of the embeddings' tables, where its fixed shapes use no more.
  package var cut: EmbeddingCut?
  /// What a graph computes otherwise than any ALBERT: layers that were not recognised, or are not alike.
  package var faults: [Finding] = []
  /// Values that go with the model.
  @Apart package var passthrough = PassthroughConfig()
  /// The defaults of its library's that were taken for keys that it does not state.
  package var defaults: [String: String] = [:]
  /// The keys, by Hugging Face's names, that are stated with values which were refused: nobody may say of
  /// them that nothing states them.
  package var refused: Set<String> = []
  /// What was noticed while reading.
  package var findings: [Finding] = []

  /// A config of which nothing is known.
  package init() {}

  /// This config with what it does not say taken from `other`.
  package func filled(from other: PartialConfig) -> PartialConfig {
    var result = self
    for (_, path) in Self.sizes {
      result[keyPath: path] = self[keyPath: path] ?? other[keyPath: path]
    }
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
  package var missingKeys: [String] {
    Self.sizes.filter { self[keyPath: $0.path] == nil }.map(\.key)
      + (hiddenAct == nil ? ["hidden_act"] : [])
  }

  /// The keys on which two configs of one model disagree, with what the other one says.
  ///
  /// A mere `gelu` is not a disagreement: both then mean what the weights' publisher does.
  package func differences(from other: PartialConfig) -> [String] {
    var found = Self.sizes.compactMap { key, path -> String? in
      guard let mine = self[keyPath: path], let theirs = other[keyPath: path], mine != theirs
      else { return nil }
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
  package func completed(rule: (_ layers: Int, _ groups: Int) -> LayerMap) -> AlbertConfig? {
    guard let vocabSize, let embeddingSize, let hiddenSize, let intermediateSize,
      let maxPositionEmbeddings, let typeVocabSize, let numHiddenLayers, let numHiddenGroups,
      let innerGroupNum, let numAttentionHeads, let hiddenAct
    else { return nil }
    let sane = 1...AlbertConfig.maxLayers
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
    config.passthrough = passthrough
    return config
  }
}
