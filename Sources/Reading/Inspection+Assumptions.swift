internal import AlbertBytes
package import AlbertArchitecture
internal import AlbertUpstreams

extension Inspection {
  /// The config, with what neither a file nor a shape says assumed, and what was assumed.
  ///
  /// For looking only: a conversion never assumes.
  package var assumedConfig: (config: AlbertConfig?, assumptions: [Finding]) {
    if let config { return (config, []) }
    var partial = partialConfig
    var assumed: [String] = []
    if partial.numHiddenLayers == nil {
      let layers = max(12, partial.numHiddenGroups ?? 1)
      partial.numHiddenLayers = layers
      assumed.append("num_hidden_layers \(layers)")
    }
    if partial.numAttentionHeads == nil, let hidden = partial.hiddenSize {
      let heads = hidden.isMultiple(of: 64) ? max(1, hidden / 64) : 1
      partial.numAttentionHeads = heads
      assumed.append("num_attention_heads \(heads)")
    }
    if partial.hiddenAct == nil {
      partial.hiddenAct = .geluTanh
      assumed.append("hidden_act gelu_tanh")
    }
    let example = partialConfig.example(stating: partialConfig.missingKeys)
    guard !assumed.isEmpty,
      let config = partial.completed(rule: candidate.upstream.layerMap),
      config.contradictions.isEmpty
    else { return (nil, []) }
    return (
      config,
      [
        Finding(
          .warning, code: "config-assumed", "assumed: \(assumed.joined(separator: ", "))",
          remedy: configFile == nil
            ? "to be sure, save \(example) with the model's own values as a file, and name it with "
              + "\(.config)"
            : "to be sure, state them in the config, or in a copy of it named with \(.config)")
      ]
    )
  }
}
