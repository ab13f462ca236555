internal import AlbertArchitecture
internal import AlbertJSON

/// UER-py's configs (uer/opts.py, models/albert/base_config.json).
///
/// They say nothing of the vocabulary and of the segments, which the tables' shapes show.
enum UERConfig: ConfigDialect {
  static let title = "UER"

  static func recognises(_ config: JSONValue) -> Bool {
    config["heads_num"] != nil && config["layers_num"] != nil
  }

  static func read(_ config: JSONValue) -> PartialConfig {
    var keys = ConfigKeys(config)
    var result = PartialConfig()
    result.hiddenSize = keys.integer("hidden_size", default: 768)
    result.embeddingSize = keys.integer("emb_size", default: 768)
    result.intermediateSize = keys.integer("feedforward_size", default: 3072)
    result.maxPositionEmbeddings = keys.integer("max_seq_length")
    result.numHiddenLayers = keys.integer("layers_num")
    result.numHiddenGroups = 1
    result.innerGroupNum = 1
    result.numAttentionHeads = keys.integer("heads_num")
    result.hiddenAct = activation(&keys)
    if config["hidden_act"]?.string == "gelu" { result.activationWord = .plainGelu }
    result.layerNormEps = 1e-12
    result.passthrough.hiddenDropoutProb = keys.number("dropout")
    result.tieWordEmbeddings = keys.bool("tie_weights")
    rejectOthers(&keys)
    if let pooling = keys.string("pooling"), pooling != "first" {
      keys.report(
        Finding(
          .warning, code: "config-pooling",
          "the config says pooling '\(pooling)', by which UER-py's classifiers take all tokens together; "
            + "an ALBERT's takes the first one",
          remedy: "take no classifier's outputs from what is converted"))
    }
    keys.ignore(
      "data_processor", "embedding", "encoder", "target",
      "has_lmtarget_bias", "tgt_embedding", "decoder", "bidirectional", "kernel_size", "block_size",
      "factorized_embedding_parameterization", "deep_init")
    keys.finish(
      &result, names: ["layers_num": "num_hidden_layers", "heads_num": "num_attention_heads"])
    return result
  }

  /// The names of `str2act` that an ALBERT can have (uer/utils/act_fun.py).
  private static func activation(_ keys: inout ConfigKeys) -> Activation? {
    switch keys.string("hidden_act", default: "gelu") {
    case "gelu": return .geluErf
    case "gelu_fast": return .geluTanh
    case "relu": return .relu
    case "silu": return .silu
    case nil: return nil
    case let other?:
      keys.reject(
        "hidden_act", "'\(other)'", expected: "'gelu', 'gelu_fast', 'relu' or 'silu'")
      return nil
    }
  }

  /// Rejects what is another architecture than ALBERT's.
  private static func rejectOthers(_ keys: inout ConfigKeys) {
    if keys.bool("parameter_sharing") == false {
      keys.reject("parameter_sharing", "false", expected: "true")
    }
    for (key, expected) in [
      ("layernorm_positioning", "post"), ("layernorm", "normal"), ("feed_forward", "dense"),
      ("mask", "fully_visible"),
    ] {
      guard let stated = keys.string(key), stated != expected else { continue }
      keys.reject(key, "'\(stated)'", expected: "'\(expected)'")
    }
    for key in [
      "relative_position_embedding", "remove_embedding_layernorm", "remove_transformer_bias",
      "remove_attention_scale", "has_residual_attention", "rotary_position_embedding",
    ] where keys.bool(key) == true {
      keys.reject(key, "true", expected: "false")
    }
  }
}
