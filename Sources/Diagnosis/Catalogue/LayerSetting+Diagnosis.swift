package import AlbertArchitecture

extension LayerSetting {
  /// What the catalogue says of it beside a model of `config`, of which `share` of that layer's error is it.
  package func diagnosis(beside config: AlbertConfig, explaining share: Double) -> Diagnosis {
    var (code, statement) =
      switch value {
      case .epsilon(let epsilon):
        (
          LayerNormEpsilon.code,
          LayerNormEpsilon.setting.statement(config.layerNormEps, epsilon, .graph)
        )
      case .activation(let activation):
        (
          OtherActivation.code,
          OtherActivation.setting.statement(config.hiddenAct, activation, .graph)
        )
      case .heads(let heads):
        (HeadCount.code, HeadCount.statement(config.numAttentionHeads, heads, .graph))
      }
    statement.layer = layer
    return Diagnosis(
      code, message: "\(statement.sentence(.graph)) (stated by its operators)",
      explains: share)
  }
}
