package import AlbertArchitecture
package import AlbertJSON
package import AlbertTensors

/// Configs in the dialects of the publishers whose code reads an export.
package enum ConfigWriting {
  /// The library whose classes a Hugging Face config names.
  package enum Framework: String, Sendable {
    case torch = ""
    case tensorFlow = "TF"
    case flax = "Flax"
  }

  /// Hugging Face's `config.json` (transformers, configuration_albert.py), keys in a fixed order.
  ///
  /// The config must be one that the dialect can say: one epsilon, Hugging Face's map of layers.
  package static func huggingFace(
    _ config: AlbertConfig, _ contents: ModelContents, _ framework: Framework = .torch,
    type: ElementType
  ) -> JSONValue {
    var object = JSONObject()
    object.add("architectures", .array([.string(framework.rawValue + contents.architecture)]))
    object.add("model_type", "albert")
    object.add("attention_probs_dropout_prob", config.passthrough.attentionProbsDropoutProb)
    object.add("bos_token_id", config.passthrough.bosTokenID)
    object.add("classifier_dropout_prob", config.passthrough.classifierDropoutProb)
    object.add("embedding_size", config.embeddingSize)
    object.add("eos_token_id", config.passthrough.eosTokenID)
    object.add("hidden_act", HuggingFaceConfig.word(config.hiddenAct))
    object.add("hidden_dropout_prob", config.passthrough.hiddenDropoutProb)
    object.add("hidden_size", config.hiddenSize)
    if contents.taskHead != nil {
      let labels =
        config.passthrough.id2label ?? (0..<config.numLabels).map { "LABEL_\($0)" }
      object.add(
        "id2label",
        .object(labels.enumerated().map { JSONMember(String($0.offset), .string($0.element)) }))
      object.add("label2id", HuggingFaceConfig.label2id(labels))
    }
    object.add("initializer_range", config.passthrough.initializerRange)
    object.add("inner_group_num", config.innerGroupNum)
    object.add("intermediate_size", config.intermediateSize)
    object.add("layer_norm_eps", config.layerNormEps)
    object.add("max_position_embeddings", config.maxPositionEmbeddings)
    object.add("num_attention_heads", config.numAttentionHeads)
    object.add("num_hidden_groups", config.numHiddenGroups)
    object.add("num_hidden_layers", config.numHiddenLayers)
    object.add("pad_token_id", config.passthrough.padTokenID)
    object.add("position_embedding_type", "absolute")
    object.add("problem_type", config.passthrough.problemType)
    if contents.untiedDecoder { object.add("tie_word_embeddings", .bool(false)) }
    object.add("torch_dtype", type.name)
    object.add("type_vocab_size", config.typeVocabSize)
    object.add("vocab_size", config.vocabSize)
    return object.value
  }
}

extension HuggingFaceConfig {
  /// The name in transformers' `ACT2FN`, where `gelu` is the exact form.
  static func word(_ activation: Activation) -> String {
    switch activation {
    case .geluErf: "gelu"
    case .geluTanh: "gelu_new"
    case .relu: "relu"
    case .silu: "silu"
    case .tanh: "tanh"
    }
  }

  /// The class of each name; of equal names the first counts, as in a dictionary that keeps one.
  static func label2id(_ labels: [String]) -> JSONValue {
    var known: Set<String> = []
    return .object(
      labels.enumerated().compactMap { index, label in
        known.insert(label).inserted ? JSONMember(label, .integer(Int64(index))) : nil
      })
  }
}

extension ModelContents {
  /// Hugging Face's PyTorch class that has these parts; the nearest one where none has just these.
  package var architecture: String {
    if let taskHead { return taskHead.architecture }
    if mlm { return sop ? "AlbertForPreTraining" : "AlbertForMaskedLM" }
    return "AlbertModel"
  }
}
