internal import AlbertBytes
internal import AlbertArchitecture
internal import AlbertJSON

/// Hugging Face's `config.json` (transformers, configuration_albert.py, `AlbertConfig`).
enum HuggingFaceConfig: ConfigDialect {
  static let title = "Hugging Face"

  static func recognises(_ config: JSONValue) -> Bool {
    if let type = config["model_type"]?.string { return type == "albert" }
    let architectures = config["architectures"]?.elements?.compactMap(\.string) ?? []
    if architectures.contains(where: { $0.contains("Albert") }) { return true }
    return config["layer_norm_eps"] != nil && config["inner_group_num"] != nil
  }

  static func read(_ config: JSONValue) -> PartialConfig {
    var keys = ConfigKeys(config)
    var result = PartialConfig()
    keys.takeSizes(vocabulary: 30000, into: &result)
    keys.takeActivation(
      "hidden_act", default: "gelu_new", gelu: .geluErf, allowed: activations, into: &result)
    result.layerNormEps = keys.number("layer_norm_eps", default: 1e-12)
    noteAge(&keys)
    readHead(&keys, into: &result)
    readPassthrough(&keys, into: &result)
    readPrunedHeads(&keys)
    if let kind = keys.string("position_embedding_type"), kind != "absolute" {
      keys.reject("position_embedding_type", "'\(kind)'", expected: "'absolute'")
    }
    keys.takeOwnKeys(into: &result)
    keys.takeGooglesStructure(into: &result)
    ignoreTheRest(&keys)
    keys.finish(&result)
    return result
  }

  /// The names of transformers' `ACT2FN` that an ALBERT can have; its `gelu` is the exact form.
  private static let activations = ActivationWord.all.filter { !$0.meaning.isOwn }.map(\.word)

  /// Tells of an epsilon that PyTorch's class took from its own default until version 4.41.
  private static func noteAge(_ keys: inout ConfigKeys) {
    guard let version = keys.string("transformers_version") else { return }
    let numbers = version.split(separator: ".").prefix(2).compactMap { Int($0) }
    guard numbers.count == 2, (numbers[0], numbers[1]) < (4, 41) else { return }
    keys.report(
      Finding(
        .note, code: "mlm-epsilon-by-age",
        "transformers \(version) wrote this config; its PyTorch class computed the masked-LM head's "
          + "LayerNorm with epsilon 1e-05, here layer_norm_eps counts as in later versions",
        remedy:
          "state the other one with the key mlm_layer_norm_eps in the config, or in a copy of it named with \(.config)"
      ))
  }

  /// The kind of the head by the class that wrote the file, and its classes.
  private static func readHead(_ keys: inout ConfigKeys, into result: inout PartialConfig) {
    let architectures = keys.value("architectures")?.elements?.compactMap(\.string) ?? []
    result.architectures = architectures
    result.taskHead = TaskHead.allCases.first { head in
      architectures.contains(head.architecture) || architectures.contains("TF" + head.architecture)
        || architectures.contains("Flax" + head.architecture)
    }
    readLabels(&keys, into: &result)
    if let count = keys.integer("num_labels") ?? keys.integer("_num_labels") {
      result.numLabels = count
    }
    result.tieWordEmbeddings = keys.bool("tie_word_embeddings")
    result.passthrough.problemType = keys.string("problem_type")
    keys.ignore("label2id")
  }

  /// The classes' names, and by their count that of the classes, as transformers counts them.
  ///
  /// Names that are not those of the classes from 0 on do not keep anybody from the weights: they are
  /// left out, since nobody can say which class each of them means.
  private static func readLabels(_ keys: inout ConfigKeys, into result: inout PartialConfig) {
    guard let labels = labels(keys.value("id2label")) else { return }
    result.numLabels = labels.count
    let named = labels.compactMap { label in
      Int(label.key).flatMap { index in name(label.value).map { (index, $0) } }
    }.ordered(by: \.0)
    guard named.map(\.0) == Array(0..<labels.count) else {
      let written = labels.prefix(8).map(\.key).joined(separator: ", ")
      keys.report(
        Finding(
          .warning, code: "labels-mismatch",
          "id2label has no name for each class from 0 on (it has \(written)), so that the names are "
            + "left out",
          remedy:
            "correct id2label in the config, or in a copy of it named with \(.config)"))
      return
    }
    result.passthrough.id2label = named.map(\.1)
  }

  /// Names by the numbers of their classes; some programs write them as a list.
  private static func labels(_ value: JSONValue?) -> [(key: String, value: JSONValue)]? {
    value?.members?.map { ($0.key, $0.value) }
      ?? value?.elements?.enumerated().map { (String($0.offset), $0.element) }
  }

  /// A class's name; classes that stand for numbers are often named by them.
  private static func name(_ label: JSONValue) -> String? {
    switch label {
    case .string(let name): name
    case .integer(let number): String(number)
    case .number(let number): String(number)
    case .bool(let value): value ? "True" : "False"
    default: nil
    }
  }

  private static func readPassthrough(_ keys: inout ConfigKeys, into result: inout PartialConfig) {
    result.passthrough.hiddenDropoutProb = keys.number("hidden_dropout_prob")
    result.passthrough.attentionProbsDropoutProb = keys.number("attention_probs_dropout_prob")
    result.passthrough.classifierDropoutProb = keys.number("classifier_dropout_prob")
    result.passthrough.initializerRange = keys.number("initializer_range")
    result.passthrough.padTokenID = keys.integer("pad_token_id")
    result.passthrough.bosTokenID = keys.integer("bos_token_id")
    result.passthrough.eosTokenID = keys.integer("eos_token_id")
  }

  /// Heads that were taken out of a layer leave matrices that no config's sizes describe.
  private static func readPrunedHeads(_ keys: inout ConfigKeys) {
    let layers = keys.value("pruned_heads")?.members?.map(\.key) ?? []
    guard !layers.isEmpty else { return }
    keys.report(
      Finding(
        .error, code: "pruned-heads",
        "the config says that heads were pruned (pruned_heads, in layers "
          + "\(layers.prefix(8).joined(separator: ", "))): the attention has fewer of them than the sizes "
          + "say, which is not read", remedy: "name the model as it was before prune_heads"))
  }

  /// Known keys that do not enter the computation of an ALBERT's stages.
  private static func ignoreTheRest(_ keys: inout ConfigKeys) {
    keys.ignore(
      "model_type", "torch_dtype", "dtype", "_name_or_path", "output_attentions",
      "output_hidden_states", "output_past", "use_cache", "return_dict", "torchscript",
      "use_bfloat16",
      "tokenizer_class", "gradient_checkpointing", "chunk_size_feed_forward",
      "finetuning_task", "task_specific_params", "is_decoder", "is_encoder_decoder",
      "add_cross_attention", "cross_attention_hidden_size", "sep_token_id", "cls_token_id",
      "mask_token_id", "unk_token_id", "decoder_start_token_id", "prefix", "language",
      "_attn_implementation_autoset", "attn_implementation", "auto_map", "xla_device",
      "tie_encoder_decoder", "tf_legacy_loss", "do_sample", "num_beams", "max_length", "min_length",
      "temperature", "top_k", "top_p", "num_return_sequences", "length_penalty",
      "paddlenlp_version", "add_pooling_layer", "quantization_config", "quantization",
      "repetition_penalty", "bad_words_ids", "no_repeat_ngram_size", "early_stopping")
  }
}
