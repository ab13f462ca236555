internal import AlbertPlatform

/// How far a stage may be from what is expected, derived from how both were computed.
///
/// The model of rounding errors, in words:
///
/// - A sum of n products in arithmetic of unit roundoff u, one after another, has a relative error
///   of u √(n/6): partial sums grow as √i, each is rounded once, and the errors are independent.
///   (Kernels that sum in blocks stay well below.) The elementwise operations of a block, among
///   them a softmax, an activation and two LayerNorms, count as `elementwiseOperations` more.
/// - The errors of the products in one block are independent: their squares add up. Those of
///   successive blocks pass through the same shared weights and may line up: they add up themselves.
/// - A weight that was rounded to a type of unit roundoff w, uniformly, is off by w/√3; a product
///   with it by as much, whatever n is.
/// - The values compared are as large as their channel: the largest root mean square of a channel of
///   the expected values is the size that relative errors refer to. Attention's probabilities are
///   as exact as their scores, so that their size is 1. A head of few outputs may give small numbers by
///   chance, where large terms cancel: its size is at least that of its terms (`headSize`).
/// - The largest of N errors exceeds their root mean square by √(2 ln(N/p)); p is the probability of
///   a false alarm, one in a million per stage.
///
/// The errors of both sides, where both round, add up in squares.
package struct Tolerance: Equatable, Sendable {
  /// The unit roundoff of the arithmetic of each side.
  package var arithmetic: [Double]
  /// The unit roundoff of the types that the weights of either side were rounded to, where the
  /// sides' weights may differ by that; empty where they are the same numbers.
  package var weights: [Double]

  /// States what rounds.
  package init(arithmetic: [Double], weights: [Double] = []) {
    self.arithmetic = arithmetic
    self.weights = weights
  }

  /// The probability of a false alarm at one stage.
  package static let falseAlarm = 1e-6
  /// Roundings of a block outside its matrix products: residual sums, LayerNorms, softmax,
  /// activation, biases, and the few units in the last place of exp and tanh.
  package static let elementwiseOperations = 24.0

  /// The largest absolute difference that rounding explains.
  ///
  /// `scale` is the largest root mean square of a channel of the expected values, of a head at least its
  /// `headSize`; `count` is the number of values, `keys` the tokens of a sequence.
  package func largest(
    _ stage: Stage, _ config: AlbertConfig, scale: Double, count: Int, keys: Int
  ) -> Double {
    let path = Path(stage, config, keys: keys)
    let size = if case .attentions = stage { max(scale, 1) } else { scale }
    let rounding = arithmetic.reduce(0) { $0 + $1 * $1 } * path.rounding * path.rounding
    let storage = weights.reduce(0) { $0 + $1 * $1 / 3 } * path.products * path.products
    return Self.peak(of: count) * size * (rounding + storage).squareRoot()
  }

  /// How many times their root mean square the largest of so many errors is.
  package static func peak(of count: Int) -> Double {
    (2 * log(Double(max(1, count)) / falseAlarm)).squareRoot()
  }

  /// What lies between the inputs and a stage.
  struct Path {
    /// The relative error of the arithmetic, in units of the unit roundoff.
    var rounding = 0.0
    /// The relative error of rounded weights, in units of their type's.
    var products = 0.0

    init(_ stage: Stage, _ config: AlbertConfig, keys: Int) {
      let e = Double(config.embeddingSize)
      let h = Double(config.hiddenSize)
      let f = Double(config.intermediateSize)
      let d = Double(config.headSize)
      // The sums of the LayerNorm.
      add([], sums: [e, e])
      if stage == .embeddings { return }
      if !config.embeddingProjectionIsIdentity { add([e]) }
      let blocks =
        switch stage {
        case .hiddenStates(let layer): layer * config.innerGroupNum
        case .attentions(let index): index + 1
        default: config.numHiddenLayers * config.innerGroupNum
        }
      for _ in 0..<blocks { add([h, h, h, d, Double(keys), h, h, f], sums: [h, h, h, h]) }
      switch stage {
      case .poolerOutput: add([h])
      case .sopLogits: add([h, h])
      case .logits: add([h, h])
      case .predictionLogits: add([h, e], sums: [e, e])
      case .startLogits, .endLogits: add([h])
      case .embeddings, .hiddenStates, .attentions, .lastHiddenState: break
      }
    }

    /// Adds a block of products of these depths, and of LayerNorm's sums of these lengths.
    private mutating func add(_ depths: [Double], sums: [Double] = []) {
      let terms = (depths + sums).reduce(Tolerance.elementwiseOperations, +)
      rounding += (terms / 6).squareRoot()
      products += Double(max(1, depths.count)).squareRoot()
    }
  }
}
