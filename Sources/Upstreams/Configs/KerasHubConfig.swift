internal import AlbertArchitecture
internal import AlbertJSON

/// KerasHub's configs: a preset's `config.json` and `task.json`, and the `config.json` within a
/// `.keras` archive, of an `AlbertBackbone` or of any model around one.
enum KerasHubConfig: ConfigDialect {
  static let title = "KerasHub"

  static func recognises(_ config: JSONValue) -> Bool {
    backbone(in: config) != nil || KerasHubLayers(in: config) != nil
  }

  static func read(_ config: JSONValue) -> PartialConfig {
    var result = PartialConfig()
    guard let backbone = backbone(in: config) else {
      // The code has no keys for these: both are fixed.
      result.hiddenAct = .geluTanh
      result.layerNormEps = 1e-12
      KerasHubLayers(in: config)?.fill(&result)
      return result
    }
    var keys = ConfigKeys(backbone)
    result.vocabSize = keys.integer("vocabulary_size")
    result.embeddingSize = keys.integer("embedding_dim")
    result.hiddenSize = keys.integer("hidden_dim")
    result.intermediateSize = keys.integer("intermediate_dim")
    result.maxPositionEmbeddings = keys.integer("max_sequence_length", default: 512)
    result.typeVocabSize = keys.integer("num_segments", default: 2)
    result.numHiddenLayers = keys.integer("num_layers")
    result.numHiddenGroups = keys.integer("num_groups", default: 1)
    result.innerGroupNum = keys.integer("num_inner_repetitions", default: 1)
    result.numAttentionHeads = keys.integer("num_heads")
    // The code has no keys for these: both are fixed.
    result.hiddenAct = .geluTanh
    result.layerNormEps = 1e-12
    let dropout = keys.number("dropout", default: 0)
    result.passthrough.hiddenDropoutProb = dropout
    result.passthrough.attentionProbsDropoutProb = dropout
    keys.ignore("name", "trainable", "dtype")
    keys.finish(
      &result, names: ["num_layers": "num_hidden_layers", "num_heads": "num_attention_heads"])
    return result
  }

  /// The backbone's own keys, wherever in the model it is; nil also where there are several.
  private static func backbone(in config: JSONValue) -> JSONValue? {
    let found = KerasObjects.all(in: config) { $0 == "AlbertBackbone" }.map(\.config)
    // A task may repeat its backbone, as the layer of a functional model.
    guard let first = found.first, found.allSatisfy({ $0 == first }) else { return nil }
    return first
  }
}
