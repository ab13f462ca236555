/// Everything that fixes an ALBERT model's computation, by Hugging Face's names.
///
/// No value here is a default of this program: each was read, or taken from its publisher's
/// documented default and reported as such.
public struct AlbertConfig: Equatable, Sendable {
  /// V: rows of the word embeddings.
  public package(set) var vocabSize: Int
  /// E: width of the factorized embeddings.
  public package(set) var embeddingSize: Int
  /// H: width of the hidden states.
  public package(set) var hiddenSize: Int
  /// Width of the feed-forward layer.
  public package(set) var intermediateSize: Int
  /// P: rows of the position embeddings.
  public package(set) var maxPositionEmbeddings: Int
  /// T: rows of the segment embeddings.
  public package(set) var typeVocabSize: Int
  /// L: how often a layer is applied.
  public package(set) var numHiddenLayers: Int
  /// G: sets of layer weights.
  public package(set) var numHiddenGroups: Int
  /// Inner layers of each group, applied one after another within every layer.
  public package(set) var innerGroupNum: Int
  /// Attention heads; their size is H divided by it.
  public package(set) var numAttentionHeads: Int
  /// The activation of the feed-forward layer and of the masked-LM head.
  public package(set) var hiddenAct: Activation
  /// The epsilon of every LayerNorm but the masked-LM head's.
  public package(set) var layerNormEps: Double
  /// The epsilon of the masked-LM head's LayerNorm, which some publishers set apart.
  public package(set) var mlmLayerNormEps: Double
  /// The group of each layer.
  package var layerMap: LayerMap
  /// Whether the projection is the identity that stands in for none (E = H in Google's code).
  package var embeddingProjectionIsIdentity = false
  /// The kind of the task head, where there is one.
  package var taskHead: TaskHead?
  /// The classes of a task head; 0 without one.
  public package(set) var numLabels = 0

  /// Values that do not enter the computation but go with the model.
  @Apart package var passthrough = PassthroughConfig()

  /// Makes a config; the layer map follows Hugging Face's rule unless given.
  package init(
    vocabSize: Int, embeddingSize: Int, hiddenSize: Int, intermediateSize: Int,
    maxPositionEmbeddings: Int, typeVocabSize: Int, numHiddenLayers: Int, numHiddenGroups: Int = 1,
    innerGroupNum: Int = 1, numAttentionHeads: Int, hiddenAct: Activation,
    layerNormEps: Double = 1e-12, mlmLayerNormEps: Double? = nil, layerMap: LayerMap? = nil
  ) {
    self.vocabSize = vocabSize
    self.embeddingSize = embeddingSize
    self.hiddenSize = hiddenSize
    self.intermediateSize = intermediateSize
    self.maxPositionEmbeddings = maxPositionEmbeddings
    self.typeVocabSize = typeVocabSize
    self.numHiddenLayers = numHiddenLayers
    self.numHiddenGroups = numHiddenGroups
    self.innerGroupNum = innerGroupNum
    self.numAttentionHeads = numAttentionHeads
    self.hiddenAct = hiddenAct
    self.layerNormEps = layerNormEps
    self.mlmLayerNormEps = mlmLayerNormEps ?? layerNormEps
    self.layerMap =
      layerMap ?? .huggingFace(layers: max(0, numHiddenLayers), groups: max(1, numHiddenGroups))
  }

  /// The group of each layer, from the first to the last.
  public var layerGroups: [Int] { layerMap.groups }

  /// The width of one attention head.
  package var headSize: Int { hiddenSize / max(1, numAttentionHeads) }
}

/// Config values that pass from source to output unchanged.
package struct PassthroughConfig: Equatable, Sendable {
  /// Dropout after embeddings and sublayers, in training only.
  package var hiddenDropoutProb: Double?
  /// Dropout of attention probabilities, in training only.
  package var attentionProbsDropoutProb: Double?
  /// Dropout before a task head, in training only.
  package var classifierDropoutProb: Double?
  /// Standard deviation of new weights.
  package var initializerRange: Double?
  /// The id of the padding token.
  package var padTokenID: Int?
  /// The id of the token that begins a sequence.
  package var bosTokenID: Int?
  /// The id of the token that ends a sequence.
  package var eosTokenID: Int?
  /// The name of each class of a task head, by its index.
  package var id2label: [String]?
  /// What a classification head is trained for, in Hugging Face's words.
  package var problemType: String?

  /// No values.
  package init() {}
}
