internal import AlbertArchitecture

extension PartialConfig {
  /// This config with what tensors show in place of mere defaults that differ.
  ///
  /// A default is what a library takes where nobody says anything; the tensors say it.
  package func yielding(to shown: PartialConfig) -> PartialConfig {
    var result = self
    // How many layers share them is nothing that tensors show.
    for (key, path) in Self.sizes where key != "num_hidden_layers" {
      guard let taken = defaults[key], let value = shown[keyPath: path],
        value != self[keyPath: path]
      else { continue }
      result[keyPath: path] = value
      result.defaults[key] = nil
      result.findings.removeAll { $0 == .defaultTaken(taken, for: key) }
      result.findings.add(
        .note, code: "config-default", "the config has no '\(key)'; the tensors show \(value)")
    }
    return result
  }

  /// A config with just the keys that are `missing`, as an example to save and correct.
  ///
  /// Values are those of the published variant with these widths, else usual ones.
  package func example(stating missing: [String]) -> String {
    let like = Variant.all.first {
      $0.config.hiddenSize == hiddenSize && $0.config.intermediateSize == intermediateSize
    }?.config
    let members = missing.map { key in
      let value =
        switch key {
        case "hidden_act": "\"gelu_new\""
        case "num_hidden_layers": "\(like?.numHiddenLayers ?? 12)"
        case "num_attention_heads": "\(like?.numAttentionHeads ?? max(1, (hiddenSize ?? 64) / 64))"
        default: "1"
        }
      return "\"\(key)\": \(value)"
    }
    return "{" + (["\"model_type\": \"albert\""] + members).joined(separator: ", ") + "}"
  }
}
