package import AlbertTensors

/// What the axes of a stage's array mean, so that elements are located and padding is told apart.
package struct StageGeometry: Sendable {
  /// How the array is laid out.
  package enum Kind: Sendable {
    /// [sequences, tokens, channels].
    case tokens(channels: Int)
    /// [sequences, heads, tokens, keys].
    case attentions(heads: Int)
    /// [sequences, channels], of the whole sequence.
    case sequences(channels: Int)
  }

  package let kind: Kind
  package let inputs: ModelInputs

  /// The geometry of a stage of some inputs, of a shape.
  package init(_ stage: Stage, _ shape: Shape, _ contents: ModelContents, _ inputs: ModelInputs) {
    self.inputs = inputs
    let d = shape.dimensions
    if case .attentions = stage, d.count == 4 {
      kind = .attentions(heads: d[1])
    } else if stage.isPerToken(contents) {
      kind = .tokens(channels: max(1, shape.count / max(1, inputs.shape.count)))
    } else {
      kind = .sequences(channels: max(1, shape.count / max(1, inputs.sequences)))
    }
  }

  /// Elements that share a token (or a sequence) and lie side by side.
  package var runLength: Int {
    switch kind {
    case .tokens(let channels), .sequences(let channels): channels
    case .attentions: inputs.sequence
    }
  }

  /// Whether a run belongs to padding.
  package func isPadding(run: Int) -> Bool {
    switch kind {
    case .tokens: inputs.isPadding(run)
    case .sequences: inputs.isPadding(run * inputs.sequence)
    case .attentions(let heads):
      inputs.isPadding(
        run / (heads * inputs.sequence) * inputs.sequence + run % inputs.sequence)
    }
  }
}

extension [Double] {
  /// The mean square of each of `width` channels, the last axis, over the runs that are no padding.
  package func meanSquares(width: Int, isPadding: (Int) -> Bool = { _ in false }) -> [Double] {
    var squares = [Double](repeating: 0, count: width)
    var runs = 0.0
    for run in 0..<count / width where !isPadding(run) {
      runs += 1
      for channel in 0..<width {
        let value = self[run * width + channel]
        squares[channel] += value * value
      }
    }
    return squares.map { $0 / Swift.max(1, runs) }
  }

  /// Of mean squares the largest finite root: the size that rounding errors are relative to.
  package var largestRoot: Double { (lazy.filter(\.isFinite).max() ?? 0).squareRoot() }
}
