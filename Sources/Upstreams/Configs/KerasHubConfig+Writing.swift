package import AlbertArchitecture
package import AlbertJSON
package import AlbertTensors

extension ConfigWriting {
  /// The tasks that KerasHub has for an ALBERT.
  package enum KerasHubTask: Sendable {
    case maskedLM
    case textClassifier

    /// The task of a model with these parts; nil for a backbone.
    package init?(_ contents: ModelContents) {
      if contents.taskHead == .sequenceClassification {
        self = .textClassifier
      } else if contents.mlm {
        self = .maskedLM
      } else {
        return nil
      }
    }

    /// The name of the task's model.
    package var name: String {
      switch self {
      case .maskedLM: "albert_masked_lm"
      case .textClassifier: "albert_text_classifier"
      }
    }

    fileprivate var className: String {
      switch self {
      case .maskedLM: "AlbertMaskedLM"
      case .textClassifier: "AlbertTextClassifier"
      }
    }
  }

  /// A preset's `config.json` (keras_hub, albert_backbone.py).
  ///
  /// The config must be one that the class can say; of the two dropouts it knows one.
  package static func kerasHub(_ config: AlbertConfig, type: ElementType) -> JSONValue {
    var object = JSONObject()
    object.add("vocabulary_size", config.vocabSize)
    object.add("num_layers", config.numHiddenLayers)
    object.add("num_heads", config.numAttentionHeads)
    object.add("num_groups", config.numHiddenGroups)
    object.add("num_inner_repetitions", config.innerGroupNum)
    object.add("embedding_dim", config.embeddingSize)
    object.add("hidden_dim", config.hiddenSize)
    object.add("intermediate_dim", config.intermediateSize)
    object.add("dropout", config.passthrough.hiddenDropoutProb ?? 0)
    object.add("max_sequence_length", config.maxPositionEmbeddings)
    object.add("num_segments", config.typeVocabSize)
    return layer("albert_backbone", "AlbertBackbone", "albert_backbone", type.name, object)
  }

  /// A preset's `task.json` (keras_hub, albert_masked_lm.py, albert_text_classifier.py).
  package static func kerasHub(
    _ task: KerasHubTask, _ config: AlbertConfig, type: ElementType, hasTokenizer: Bool
  ) -> JSONValue {
    var object = JSONObject()
    object.add("backbone", kerasHub(config, type: type))
    object.add("preprocessor", hasTokenizer ? preprocessor(task, config) : JSONValue.null)
    object.add("name", task.name)
    if task == .textClassifier {
      object.add("num_classes", config.numLabels)
      object.add("activation", "linear")
      object.add("dropout", config.passthrough.classifierDropoutProb ?? 0)
    }
    return registered(task.name, task.className, object)
  }

  /// A preset's `preprocessor.json` for a task, with KerasHub's own settings.
  package static func preprocessor(_ task: KerasHubTask, _ config: AlbertConfig) -> JSONValue {
    var object = JSONObject()
    object.add("tokenizer", tokenizer)
    object.add("config_file", "preprocessor.json")
    object.add("sequence_length", min(512, config.maxPositionEmbeddings))
    object.add("truncate", "round_robin")
    if task == .maskedLM {
      object.add("mask_selection_rate", 0.15)
      object.add("mask_selection_length", 96)
      object.add("mask_token_rate", 0.8)
      object.add("random_token_rate", 0.1)
    }
    let name = task.name + "_preprocessor"
    return layer(name, task.className + "Preprocessor", name, "float32", object)
  }

  /// A preset's `tokenizer.json`; the vocabulary is a file among its assets.
  package static var tokenizer: JSONValue {
    var object = JSONObject()
    object.add("config_file", "tokenizer.json")
    object.add("proto", JSONValue.null)
    object.add("sequence_length", JSONValue.null)
    object.add("add_bos", .bool(false))
    object.add("add_eos", .bool(false))
    return layer("albert_tokenizer", "AlbertTokenizer", "albert_tokenizer", "int32", object)
  }

  /// A preset's `metadata.json`: the versions whose files these are like, and what they hold.
  package static func kerasHubMetadata(
    _ task: KerasHubTask?, parameterCount: Int, hasTokenizer: Bool
  ) -> JSONValue {
    var object = JSONObject()
    object.add("keras_version", "3.15.1")
    object.add("keras_hub_version", "0.32.0")
    object.add("parameter_count", parameterCount)
    if task != nil || hasTokenizer {
      object.add("tasks", .array([.string("MaskedLM"), .string("TextClassifier")]))
    }
    return object.value
  }

  /// A layer as Keras writes it, with its type policy.
  private static func layer(
    _ module: String, _ className: String, _ name: String, _ type: String, _ own: JSONObject
  ) -> JSONValue {
    var policy = JSONObject()
    policy.add("module", "keras")
    policy.add("class_name", "DTypePolicy")
    policy.add("config", .object([JSONMember("name", .string(type))]))
    policy.add("registered_name", JSONValue.null)
    var object = JSONObject()
    object.add("name", name)
    object.add("trainable", .bool(true))
    object.add("dtype", policy.value)
    for member in own.value.members ?? [] { object.add(member.key, member.value) }
    return registered(module, className, object)
  }

  private static func registered(
    _ module: String, _ className: String, _ config: JSONObject
  ) -> JSONValue {
    var object = JSONObject()
    object.add("module", "keras_hub.src.models.albert.\(module)")
    object.add("class_name", className)
    object.add("config", config.value)
    object.add("registered_name", "keras_hub>\(className)")
    return object.value
  }
}
