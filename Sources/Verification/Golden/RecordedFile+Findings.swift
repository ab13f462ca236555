internal import Albert

extension RecordedFile {
  /// What about the file would mislead, for a model of `config`.
  ///
  /// transformers 5 lists a hidden state for each inner layer, others one for each layer: where a
  /// group has several inner layers, the numbers mean other places.
  func findings(_ config: AlbertConfig) -> [Finding] {
    let inner = config.innerGroupNum
    guard inner > 1, stages[.hiddenStates(config.numHiddenLayers * inner)] != nil else { return [] }
    return [
      Finding(
        .warning, code: "inner-layer-states",
        "the file numbers a hidden state for each of \(inner) inner layers, not for each layer",
        remedy: "record every \(inner == 2 ? "second" : "\(inner)th") of them, the first included")
    ]
  }
}
