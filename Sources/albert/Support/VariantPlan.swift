import AlbertArchitecture
import ArgumentParser

/// A variant as the arguments of `--plan` state it: what they leave open is a published variant's.
struct VariantPlan {
  /// The config.
  let config: AlbertConfig
  /// The published variant.
  let base: Variant
  /// What followed from what was stated, in sentences.
  let derived: [String]

  /// The keys that can be stated.
  static var keys: [String] { AlbertConfig.sizes.map(\.key) + ["hidden_act"] }

  /// The plan that arguments such as `hidden_size=1024` state.
  ///
  /// Throws where one cannot be read, or where together they make no model.
  init(_ arguments: [String], base: Variant) throws {
    var config = base.config
    var stated: Set<String> = []
    for argument in arguments {
      let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let key = String(parts[0])
      guard parts.count == 2 else {
        throw ValidationError("'\(Self.shown(argument))' is no KEY=VALUE such as hidden_size=1024")
      }
      guard Self.keys.contains(key) else { throw Self.unknown(key) }
      guard stated.insert(key).inserted else { throw ValidationError("\(key) is stated twice") }
      try Self.set(key, String(parts[1]), &config)
    }
    var derived: [String] = []
    let ratio = base.config.intermediateSize / base.config.hiddenSize
    if stated.contains("hidden_size"), !stated.contains("intermediate_size"),
      ratio * base.config.hiddenSize == base.config.intermediateSize,
      let width = Self.product(config.hiddenSize, ratio)
    {
      config.intermediateSize = width
      derived.append("intermediate_size \(width): \(ratio) times hidden_size, as in \(base.name)")
    }
    let head = base.config.headSize
    if stated.contains("hidden_size"), !stated.contains("num_attention_heads"), head > 0,
      config.hiddenSize > 0, config.hiddenSize.isMultiple(of: head)
    {
      config.numAttentionHeads = config.hiddenSize / head
      derived.append(
        "num_attention_heads \(config.numAttentionHeads): heads of \(head), as in \(base.name)")
    }
    let limits = 1...AlbertConfig.maxLayers
    if limits.contains(config.numHiddenLayers), limits.contains(config.numHiddenGroups) {
      config.layerMap = .huggingFace(
        layers: config.numHiddenLayers, groups: config.numHiddenGroups)
    }
    let contradictions = config.contradictions
    guard contradictions.isEmpty else {
      throw ValidationError("no such model: " + contradictions.joined(separator: "; "))
    }
    self.config = config
    self.base = base
    self.derived = derived
  }

  private static func set(_ key: String, _ value: String, _ config: inout AlbertConfig) throws {
    if key == "hidden_act" {
      guard let activation = Activation(rawValue: value) else {
        let known = Activation.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("hidden_act '\(shown(value))' is none of \(known)")
      }
      config.hiddenAct = activation
      return
    }
    guard let number = Int(value), let size = AlbertConfig.sizes.first(where: { $0.key == key })
    else {
      let hint = value.contains("=") ? "; put a space between two keys, --plan a=1 b=2" : ""
      throw ValidationError("\(key) '\(shown(value))' is no whole number\(hint)")
    }
    config[keyPath: size.path] = number
  }

  private static func product(_ a: Int, _ b: Int) -> Int? {
    let (product, overflows) = a.multipliedReportingOverflow(by: b)
    return overflows ? nil : product
  }

  private static func unknown(_ key: String) -> ValidationError {
    let word = key.lowercased()
    let near =
      keys.first { !word.isEmpty && $0.hasPrefix(word) }
      ?? keys.min { CommandWord.distance(word, $0) < CommandWord.distance(word, $1) }
    let isNear =
      near.map { $0.hasPrefix(word) || CommandWord.distance(word, $0) <= $0.count / 2 } ?? false
    return ValidationError(
      "'\(shown(key))' is no key of a plan; "
        + (isNear
          ? "did you mean '\(near ?? "")'?" : "it is one of \(keys.joined(separator: ", "))"))
  }

  private static func shown(_ text: String) -> String { ByteText.repaired(text) }
}
