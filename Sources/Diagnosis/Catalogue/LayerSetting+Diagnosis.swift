package import AlbertArchitecture

extension LayerSetting {
  /// What the catalogue says of it beside a model of `config`, of which `share` of that layer's error is it.
  package func diagnosis(beside config: AlbertConfig, explaining share: Double) -> Diagnosis {
    let (code, statement): (Diagnosis.Code, String) =
      switch value {
      case .epsilon(let epsilon):
        (
          LayerNormEpsilon.code,
          "the epsilon of LayerNorm is \(config.layerNormEps), the graph's \(epsilon)"
        )
      case .activation(let activation):
        (
          OtherActivation.code,
          "the activation is \(config.hiddenAct.words), the graph's \(activation.words)"
        )
      case .heads(let heads):
        (HeadCount.code, "the number of heads is \(config.numAttentionHeads), the graph's \(heads)")
      }
    return Diagnosis(
      code, message: "\(statement), in layer \(layer) alone (stated by its operators)",
      explains: min(1, max(0, share)))
  }
}
