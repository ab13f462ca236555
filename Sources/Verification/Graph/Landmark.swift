internal import AlbertArchitecture

/// A value that every forward pass of a model goes through, by whose numbers it is found in a graph.
struct Landmark {
  /// What it is, such as `the query of layer 0`.
  let name: String
  /// The stage that it is, where it is one.
  let stage: Stage?
  /// The stage whose tolerance is its own.
  let nearest: Stage
  /// The layouts in which graphs hold it, each row-major.
  let layouts: [[Double]]
  /// Whether a right graph may do without it.
  var isOptional = false
  /// Places whose numbers mean that nothing is attended to there: anything far below the others.
  var masked: [Bool]?

  /// Whether everything behind it goes through it, in a graph of fused operators too.
  var isBottleneck: Bool {
    switch stage {
    case .embeddings, .hiddenStates: true
    default: false
    }
  }

  /// The root mean square of the largest of `width` columns, as far as it has so many.
  func scale(width: Int) -> Double {
    let values = layouts[0]
    let width = max(1, min(values.count, width))
    return values.meanSquares(width: width).largestRoot
  }

  /// What rounding explains at it, in a model of `config` on sequences of so many tokens.
  func allowance(_ rounding: Tolerance, _ config: AlbertConfig, keys: Int) -> Double {
    rounding.largest(
      nearest, config, scale: scale(width: config.hiddenSize), count: count, keys: keys)
  }

  /// The number of its elements.
  var count: Int { layouts[0].count }
}
