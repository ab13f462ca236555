internal import AlbertBytes
internal import AlbertArchitecture

extension GoldenFile {
  /// What about the file would mislead, for a model of `config`.
  ///
  /// transformers 5 lists a hidden state for each inner layer, others one for each layer: where a
  /// group has several inner layers, the numbers mean other places.
  func findings(_ config: AlbertConfig) -> [Finding] {
    let inner = config.innerGroupNum
    let layers = config.numHiddenLayers
    guard inner > 1, stages[.hiddenStates(layers * inner)] != nil else {
      let last = stages.keys.compactMap(\.hiddenState).max() ?? 0
      guard last > layers else { return [] }
      return [
        Finding(
          .warning, code: "more-layers",
          "the file records '\(Stage.hiddenStates(last))', but the model has \(layers) layers",
          remedy: "record the outputs of the model that is verified")
      ]
    }
    return [
      Finding(
        .warning, code: "inner-layer-states",
        "the file numbers a hidden state for each of \(inner) inner layers, not for each layer",
        remedy: "record every \(inner == 2 ? "second" : "\(inner)th") of them, the first included")
    ]
  }
}
