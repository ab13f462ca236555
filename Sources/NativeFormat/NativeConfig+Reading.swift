package import AlbertArchitecture
package import AlbertBytes
internal import AlbertJSON

extension NativeConfig {
  /// The config and the contents that another container carries along as this text; `path` is its file.
  package static func read(
    _ text: String, path: String
  ) throws(FileError) -> (config: AlbertConfig, contents: ModelContents) {
    let json = try JSONValue.parse(Array(text.utf8), path: path)
    do throws(Flaw) {
      return try read(json)
    } catch {
      throw FileError(
        path, .malformed("the metadata '\(NativeProfile.Key.config.rawValue)': \(error.message)"))
    }
  }

  /// What is wrong with a canonical config.
  struct Flaw: Error {
    let message: String
  }

  /// Reads what `json` wrote.
  ///
  /// Anything else is refused with the first key that is wrong.
  static func read(_ json: JSONValue) throws(Flaw) -> (AlbertConfig, ModelContents) {
    func integer(_ key: String) throws(Flaw) -> Int {
      guard let value = json[key]?.integer else { throw Flaw(message: "\(key) is no whole number") }
      return value
    }
    func number(_ key: String) throws(Flaw) -> Double {
      guard let value = json[key]?.double else { throw Flaw(message: "\(key) is no number") }
      return value
    }
    guard let activation = json["hidden_act"]?.string.flatMap(Activation.init(rawValue:)) else {
      throw Flaw(message: "hidden_act names no activation")
    }
    guard let groups = json["layer_to_group"]?.elements?.map(\.integer), !groups.contains(nil)
    else { throw Flaw(message: "layer_to_group is no list of whole numbers") }
    var config = AlbertConfig(
      vocabSize: try integer("vocab_size"), embeddingSize: try integer("embedding_size"),
      hiddenSize: try integer("hidden_size"), intermediateSize: try integer("intermediate_size"),
      maxPositionEmbeddings: try integer("max_position_embeddings"),
      typeVocabSize: try integer("type_vocab_size"),
      numHiddenLayers: try integer("num_hidden_layers"),
      numHiddenGroups: try integer("num_hidden_groups"),
      innerGroupNum: try integer("inner_group_num"),
      numAttentionHeads: try integer("num_attention_heads"), hiddenAct: activation,
      layerNormEps: try number("layer_norm_eps"),
      mlmLayerNormEps: try number("mlm_layer_norm_eps"),
      layerMap: LayerMap(groups: groups.compactMap { $0 }))
    switch json["embedding_projection"]?.string {
    case "identity": config.embeddingProjectionIsIdentity = true
    case "linear": config.embeddingProjectionIsIdentity = false
    default: throw Flaw(message: "embedding_projection is neither 'linear' nor 'identity'")
    }
    let contents = try readContents(json)
    config.taskHead = contents.taskHead
    if contents.taskHead != nil { config.numLabels = try integer("num_labels") }
    config.passthrough = readPassthrough(json)
    if let contradiction = config.contradictions.first { throw Flaw(message: contradiction) }
    return (config, contents)
  }

  private static func readContents(_ json: JSONValue) throws(Flaw) -> ModelContents {
    guard let pooler = json["pooler"]?.bool else {
      throw Flaw(message: "pooler is neither true nor false")
    }
    guard let heads = json["heads"]?.elements?.compactMap(\.string) else {
      throw Flaw(message: "heads is no list of names")
    }
    let task = heads.compactMap(TaskHead.init(rawValue:))
    guard let tied = json["tied"]?.members else { throw Flaw(message: "tied is no object") }
    let contents = ModelContents(
      pooler: pooler, mlm: heads.contains("mlm"), sop: heads.contains("sop"),
      untiedDecoder: heads.contains("mlm")
        && !tied.contains { $0.key == Parameter(.mlmDecoderWeight).name },
      taskHead: task.first)
    guard contents.heads == heads else { throw Flaw(message: "heads holds an unknown name") }
    return contents
  }

  private static func readPassthrough(_ json: JSONValue) -> PassthroughConfig {
    var passthrough = PassthroughConfig()
    passthrough.hiddenDropoutProb = json["hidden_dropout_prob"]?.double
    passthrough.attentionProbsDropoutProb = json["attention_probs_dropout_prob"]?.double
    passthrough.classifierDropoutProb = json["classifier_dropout_prob"]?.double
    passthrough.initializerRange = json["initializer_range"]?.double
    passthrough.padTokenID = json["pad_token_id"]?.integer
    passthrough.bosTokenID = json["bos_token_id"]?.integer
    passthrough.eosTokenID = json["eos_token_id"]?.integer
    passthrough.id2label = json["id2label"]?.members?.compactMap(\.value.string)
    passthrough.problemType = json["problem_type"]?.string
    return passthrough
  }
}
