internal import AlbertBytes
internal import AlbertJSON
internal import SystemPackage

/// What peft's `adapter_config.json` says, as far as merging needs it.
///
/// A key that changes what an adapter adds, and that is not known here, refuses the adapter.
struct AdapterConfig {
  /// The file, where there is one.
  let file: SourceFile?
  /// The model that the adapter was made for, by name or path.
  let base: String?
  /// What the model is for, such as `SEQ_CLS`.
  let task: String?
  /// The rank that the matrices have where no pattern says otherwise.
  let rank: Int?
  /// What stands above the rank in the scale.
  let alpha: Double

  private let alphas: [(module: String, alpha: Double)]
  private let hasRanks: Bool
  private let usesRootOfRank: Bool

  /// The name of the file.
  static let name: FilePath.Component = "adapter_config.json"
  /// `lora_alpha` of peft's `LoraConfig` where nobody states one.
  static let usualAlpha = 8.0
  private static let maxSize = 1 << 22

  /// peft's defaults, for adapters without a config.
  static let usual = AdapterConfig()

  private init() {
    (file, base, task, rank) = (nil, nil, nil, nil)
    (alphas, hasRanks, usesRootOfRank) = ([], false, false)
    alpha = Self.usualAlpha
  }

  /// Reads the config in `folder`; nil where there is none.
  init?(in folder: FilePath) throws(FileError) {
    let path = folder.appending(Self.name)
    guard try path.found() != nil else { return nil }
    try self.init(path)
  }

  /// Reads the config at `path`.
  init(_ path: FilePath) throws(FileError) {
    let file = try SourceFile(path)
    try FileError.limit(file.size, "the config's size", most: Self.maxSize, in: path.string)
    let json = try JSONValue.parse(file)
    guard let kind = json["peft_type"]?.string else {
      throw AdapterHub.error(json, path: path.string)
        ?? FileError(
          path.string, .malformed("the adapter's config states no 'peft_type'"),
          remedy: "name the folder of an adapter that peft saved")
    }
    guard kind == "LORA" else {
      throw FileError(
        path.string,
        .rejected(
          code: "adapter-kind",
          message: "this is an adapter of the kind \(kind); LoRA alone is merged here"),
        remedy: Self.prompts.contains(kind) ? Self.promptRemedy : Self.remedy)
    }
    try Self.check(json, path: path.string)
    self.file = file
    base = json["base_model_name_or_path"]?.string
    task = json["task_type"]?.string
    func stated<Value>(
      _ key: String, _ kind: String, _ convert: (JSONValue) -> Value?
    ) throws(FileError) -> Value? {
      guard let value = json[key], value != .null else { return nil }
      guard let converted = convert(value) else {
        throw FileError(
          path.string, .malformed("the adapter's \(key) is \(value.text()), expected \(kind)"))
      }
      return converted
    }
    rank = try stated("r", "a whole number", \.integer)
    alpha = try stated("lora_alpha", "a number", \.double) ?? Self.usualAlpha
    hasRanks = !(json["rank_pattern"]?.members ?? []).isEmpty
    usesRootOfRank = try stated("use_rslora", "true or false", \.bool) ?? false
    var alphas: [(module: String, alpha: Double)] = []
    for member in json["alpha_pattern"]?.members ?? [] {
      guard let alpha = member.value.double, Self.isPlain(member.key) else {
        throw Self.unknown("alpha_pattern '\(member.key)'", path.string)
      }
      alphas.append((member.key, alpha))
    }
    self.alphas = alphas
  }

  /// The factor of what is added to `module`, whose matrices have the rank `rank`.
  ///
  /// Throws where the config states another rank.
  func scale(of module: String, rank: Int, path: String) throws(FileError) -> Float {
    if let stated = self.rank, stated != rank, !hasRanks {
      throw FileError(
        path,
        .mismatch(of: "the adapter's rank", expected: "\(stated) by its config", found: "\(rank)"),
        tensor: module, remedy: "check that config and weights are of one adapter")
    }
    let alpha = alphas.first { module == $0.module || module.hasSuffix("." + $0.module) }?.alpha
    let divisor = usesRootOfRank ? Double(rank).squareRoot() : Double(rank)
    return Float((alpha ?? self.alpha) / divisor)
  }

  // MARK: What is known

  static let remedy: Remedy =
    "merge it with peft, model.merge_and_unload(), save the model that comes out, and convert that"

  static let promptRemedy: Remedy =
    "use it with peft: what it adds to the input is no part of any matrix"

  /// Kinds that add to the input instead of the weights.
  private static let prompts: Set = [
    "PROMPT_TUNING", "P_TUNING", "PREFIX_TUNING", "MULTITASK_PROMPT_TUNING", "ADAPTION_PROMPT",
    "CPT",
  ]

  /// Keys that say nothing of what is added, or that were read above.
  private static let known: Set = [
    "alpha_pattern", "auto_mapping", "base_model_class", "base_model_name_or_path", "bias",
    "corda_config", "ensure_weight_tying", "eva_config", "exclude_modules", "fan_in_fan_out",
    "inference_mode", "init_lora_weights", "layers_pattern", "layers_to_transform", "loftq_config",
    "lora_alpha", "lora_bias", "lora_dropout", "lora_ga_config", "megatron_core",
    "modules_to_save", "parent_library", "peft_type", "peft_version", "qalora_group_size", "r",
    "rank_pattern", "revision", "runtime_config", "target_modules", "task_type", "use_dora",
    "use_rslora",
  ]

  /// Ways to begin training that leave the base model as it is.
  private static let beginnings: Set = ["gaussian", "eva", "orthogonal", "mini-lora"]

  private static func check(_ json: JSONValue, path: String) throws(FileError) {
    for member in json.members ?? [] where !known.contains(member.key) && says(member.value) {
      throw unknown("'\(member.key)'", path)
    }
    if let beginning = json["init_lora_weights"]?.string, !beginnings.contains(beginning) {
      throw FileError(
        path,
        .rejected(
          code: "adapter-base-changed",
          message:
            "the adapter began with '\(beginning)', which changes the base model too, so that "
            + "it does not belong to the base as it is published"), remedy: remedy)
    }
  }

  /// Whether a value says anything.
  private static func says(_ value: JSONValue) -> Bool {
    value != .null && value.bool != false && value.string != "" && value.elements?.isEmpty != true
      && value.members?.isEmpty != true
  }

  private static func unknown(_ what: String, _ path: String) -> FileError {
    FileError(
      path,
      .rejected(
        code: "adapter-unknown",
        message: "the adapter's config has \(what), which may change what it adds and is not known "
          + "here"), remedy: remedy)
  }

  /// Whether a pattern is the name of a module, with or without what stands before it.
  private static func isPlain(_ pattern: String) -> Bool {
    !pattern.isEmpty
      && pattern.utf8.allSatisfy {
        (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
          || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ".")
      }
  }
}
