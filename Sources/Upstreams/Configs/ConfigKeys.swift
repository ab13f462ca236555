internal import AlbertBytes
internal import AlbertArchitecture
internal import AlbertJSON

/// A walk over a config's keys that leaves none unaccounted for.
///
/// A value of the wrong kind is an error, a key that nobody asked for is reported, and a default
/// that was taken is told.
struct ConfigKeys {
  private let config: JSONValue
  private var asked: Set<String> = []
  private var findings: [Finding] = []
  /// The defaults that were taken, by key.
  private var defaults: [String: String] = [:]
  /// The keys whose values were refused.
  private var refused: Set<String> = []

  init(_ config: JSONValue) {
    self.config = config
  }

  /// A whole number; `default` is taken, and told, where the key is missing.
  mutating func integer(_ key: String, default fallback: Int? = nil) -> Int? {
    read(key, "a whole number", default: fallback, \.integer)
  }

  /// A number; `default` is taken, and told, where the key is missing.
  mutating func number(_ key: String, default fallback: Double? = nil) -> Double? {
    read(key, "a number", default: fallback, \.double)
  }

  /// A text; `default` is taken, and told, where the key is missing.
  mutating func string(_ key: String, default fallback: String? = nil) -> String? {
    read(key, "a text", default: fallback, \.string)
  }

  /// True or false, nil where the key is missing.
  mutating func bool(_ key: String) -> Bool? {
    read(key, "true or false", default: nil, \.bool)
  }

  /// Any value, nil where the key is missing or null.
  mutating func value(_ key: String) -> JSONValue? {
    asked.insert(key)
    guard let value = config[key], value != .null else { return nil }
    return value
  }

  /// Keys that are known and mean nothing for the computation.
  mutating func ignore(_ keys: String...) {
    asked.formUnion(keys)
  }

  /// Adds a finding of the caller's.
  mutating func report(_ finding: Finding) {
    findings.append(finding)
  }

  /// Adds an error about a value that a key may not have.
  mutating func reject(_ key: String, _ value: String, expected: String) {
    refused.insert(key)
    findings.add(
      .error, code: "config-value", "\(key) is \(value), expected \(expected)",
      remedy: "correct the config file")
  }

  /// Ends the walk: reports every key that nobody asked for, and hands on what was noticed.
  ///
  /// `names` are Hugging Face's for keys that the dialect calls otherwise.
  mutating func finish(_ result: inout PartialConfig, names: [String: String] = [:]) {
    for member in config.members ?? [] where !asked.contains(member.key) {
      findings.add(
        .warning, code: "config-unknown-key",
        "the config's key '\(member.key)' is not known and was not used")
    }
    result.findings = findings
    result.defaults = defaults
    result.refused = Set(refused.map { names[$0] ?? $0 })
  }

  private mutating func read<Value>(
    _ key: String, _ kind: String, default fallback: Value?, _ convert: (JSONValue) -> Value?
  ) -> Value? {
    if let value = value(key) {
      if let converted = convert(value) { return converted }
      reject(key, value.text(), expected: kind)
      return nil
    }
    if let fallback {
      defaults[key] = "\(fallback)"
      findings.append(.defaultTaken("\(fallback)", for: key))
    }
    return fallback
  }
}

extension Finding {
  /// The note that a config leaves a key out.
  static func defaultTaken(_ value: String, for key: String) -> Finding {
    Finding(
      .note, code: "config-default",
      "the config has no '\(key)'; its publisher's default \(value) was used")
  }
}
