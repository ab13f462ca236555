internal import AlbertArchitecture

extension StageGeometry {
  /// Where an element is.
  func location(run: Int, channel: Int) -> ElementLocation {
    let s = inputs.sequence
    switch kind {
    case .tokens:
      return ElementLocation(batch: run / s, token: run % s, channel: channel)
    case .sequences:
      return ElementLocation(batch: run, channel: channel)
    case .attentions(let heads):
      return ElementLocation(
        batch: run / (heads * s), head: run / s % heads, token: run % s, key: channel)
    }
  }
}
