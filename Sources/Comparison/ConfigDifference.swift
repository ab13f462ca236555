internal import AlbertArchitecture
internal import AlbertBytes
package import AlbertJSON
internal import AlbertReading
internal import AlbertUpstreams

/// A key on which two configs disagree; nil where one does not state it.
package struct ConfigDifference: Equatable, Sendable {
  /// The key, by Hugging Face's name.
  package let key: String
  /// What A says.
  package let a: JSONValue?
  /// What B says.
  package let b: JSONValue?
  /// Whether it means something to the model, rather than being a tool's note of its own.
  package let counts: Bool
}

/// What is known of a model's config, key by key.
struct ConfigRows {
  private let rows: [(key: String, value: JSONValue?)]
  /// What the config's file says beyond that.
  private let notes: [JSONMember]

  /// The config of one side; nil where the side is not a model.
  init?(_ checkpoint: Checkpoint) throws(FileError) {
    switch checkpoint.content {
    case .model(let inspection):
      let config = inspection.config.map { PartialConfig($0) } ?? inspection.partialConfig
      rows =
        Self.rows(config, hasDecoder: inspection.contents.mlm) + Self.parts(inspection)
      notes = try Self.notes(inspection.configFile)
    case .config(let file):
      let config = file.config.completed(rule: LayerMap.huggingFace).map { PartialConfig($0) }
      rows = Self.rows(config ?? file.config, hasDecoder: false)
      notes = try Self.notes(file.file)
    case .tensors: return nil
    }
  }

  /// The keys on which the two disagree.
  func differences(from other: ConfigRows) -> [ConfigDifference] {
    let theirs = Dictionary(other.rows.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
    let known = rows.compactMap { key, value -> ConfigDifference? in
      // What a config alone cannot say is not a difference.
      guard let their = theirs[key] else { return nil }
      return value == their
        ? nil : ConfigDifference(key: key, a: value, b: their, counts: true)
    }
    return known + noteDifferences(from: other)
  }

  private func noteDifferences(from other: ConfigRows) -> [ConfigDifference] {
    // Of two dialects each has keys of its own, which say nothing of the model.
    func isHuggingFace(_ notes: [JSONMember]) -> Bool { notes.contains { $0.key == "model_type" } }
    guard !notes.isEmpty, !other.notes.isEmpty, isHuggingFace(notes) == isHuggingFace(other.notes)
    else { return [] }
    let keys =
      notes.map(\.key)
      + other.notes.map(\.key).filter { key in
        !notes.contains { $0.key == key }
      }
    return keys.compactMap { key in
      let mine = notes.first { $0.key == key }?.value
      let theirs = other.notes.first { $0.key == key }?.value
      return mine == theirs ? nil : ConfigDifference(key: key, a: mine, b: theirs, counts: false)
    }
  }

  private static func rows(
    _ config: PartialConfig, hasDecoder: Bool
  ) -> [(key: String, value: JSONValue?)] {
    func integer(_ value: Int?) -> JSONValue? { value.map { .integer(Int64($0)) } }
    func number(_ value: Double?) -> JSONValue? { value.map { .number($0) } }
    let extra = config.passthrough
    let sizes: [(key: String, value: JSONValue?)] = PartialConfig.sizes.map {
      ($0.key, integer(config[keyPath: $0.path]))
    }
    let computation: [(key: String, value: JSONValue?)] = [
      ("hidden_act", config.hiddenAct.map { .string($0.rawValue) }),
      ("layer_norm_eps", number(config.layerNormEps ?? 1e-12)),
    ]
    let head: [(key: String, value: JSONValue?)] =
      hasDecoder
      ? [
        ("mlm_layer_norm_eps", number(config.mlmLayerNormEps ?? config.layerNormEps ?? 1e-12))
      ] : []
    return sizes + computation + head + [
      ("layer_to_group", config.layerMap.map { .array($0.groups.map { .integer(Int64($0)) }) }),
      ("task_head", config.taskHead.map { .string($0.rawValue) }),
      ("num_labels", config.taskHead == nil ? nil : integer(config.numLabels)),
      ("problem_type", extra.problemType.map { .string($0) }),
      ("id2label", extra.id2label.map { .array($0.map { .string($0) }) }),
      ("hidden_dropout_prob", number(extra.hiddenDropoutProb)),
      ("attention_probs_dropout_prob", number(extra.attentionProbsDropoutProb)),
      ("classifier_dropout_prob", number(extra.classifierDropoutProb)),
      ("initializer_range", number(extra.initializerRange)),
      ("pad_token_id", integer(extra.padTokenID)),
      ("bos_token_id", integer(extra.bosTokenID)),
      ("eos_token_id", integer(extra.eosTokenID)),
    ]
  }

  /// What the tensors say of the model's parts.
  private static func parts(_ inspection: Inspection) -> [(key: String, value: JSONValue?)] {
    let contents = inspection.contents
    return [
      ("pooler", .bool(contents.pooler)),
      ("heads", .array(contents.heads.map { .string($0) })),
    ] + (contents.mlm ? [("tie_word_embeddings", .bool(!contents.untiedDecoder))] : [])
  }

  /// The keys of Hugging Face's files that tools keep for themselves.
  private static let noteKeys = [
    "_name_or_path", "architectures", "auto_map", "dtype", "down_scale_factor", "gap_size",
    "finetuning_task", "language", "model_type", "net_structure_type", "num_memory_blocks",
    "position_embedding_type", "tokenizer_class", "torch_dtype", "transformers_version",
  ]

  private static func notes(_ file: SourceFile?) throws(FileError) -> [JSONMember] {
    guard let file else { return [] }
    let json = try FileError.ifReadable { () throws(FileError) in try JSONValue.parse(file) }
    guard let members = json?.members else { return [] }
    return members.filter { noteKeys.contains($0.key) }
  }
}
