internal import AlbertArchitecture
internal import AlbertBytes
internal import AlbertReferenceModel

/// How far rounding alone moves the stages of a model on some inputs, as it was measured.
///
/// The derived tolerance takes a model for what trained ones are: sums whose terms have random signs, LayerNorms
/// of rows that lie around zero. Where large terms cancel, as in tables that are all shifted far from zero, what
/// the roundings of those leave is more. Passes that are disturbed as rounding would (`Disturbance`) show how much.
struct MeasuredRounding {
  let model: any ParameterStore
  let inputs: ModelInputs
  let rounding: Tolerance

  /// Disturbed passes that are compared with one another.
  private static let passes = 4
  /// A difference of more times the derived tolerance is an error, whatever the model: nothing is measured.
  private static let most = 1e4
  /// The largest part of a stage's size that is taken for rounding; beyond it the outputs would say nothing.
  private static let maxShareOfScale = 0.1

  /// Whether it is worth to measure what moved a stage by more than the derived tolerance.
  static func mayExplain(_ error: StageError, beyond tolerance: Double) -> Bool {
    error.real.maxAbs <= most * tolerance && error.real.nonFinite == 0
      && error.padded.nonFinite == 0
  }

  /// The largest absolute difference of each of `stages` that rounding explains.
  ///
  /// Nothing where the passes cannot be computed; `scales` are the sizes of the stages.
  func largest(
    _ scales: [Stage: Double], isCancelled: @escaping @Sendable () -> Bool
  ) -> [Stage: Double] {
    let stages = Array(scales.keys)
    var means: [Stage: [Double]] = [:]
    var squares: [Stage: [Double]] = [:]
    var shapes: [Stage: StageGeometry] = [:]
    for pass in 1...Self.passes {
      let disturbance = Disturbance(
        arithmetic: rounding.arithmetic.norm, weights: rounding.weights.norm, seed: UInt64(pass))
      guard
        let outputs = try? ReferenceModel(model, disturbance: disturbance).forward(
          inputs, stages: stages, observer: WorkObserver(isCancelled: isCancelled))
      else { return [:] }
      for output in outputs {
        shapes[output.stage] = StageGeometry(output.stage, output.shape, model.contents, inputs)
        // Welford's sums of squares about the mean.
        let none = [Double](repeating: 0, count: output.values.count)
        var mean = means.removeValue(forKey: output.stage) ?? none
        var square = squares.removeValue(forKey: output.stage) ?? none
        for (index, value) in output.values.enumerated() {
          let before = value - mean[index]
          mean[index] += before / Double(pass)
          square[index] += before * (value - mean[index])
        }
        (means[output.stage], squares[output.stage]) = (mean, square)
      }
    }
    var result: [Stage: Double] = [:]
    for (stage, squares) in squares {
      guard let geometry = shapes[stage], let scale = scales[stage] else { continue }
      let deviations = squares.map { ($0 / Double(Self.passes - 1)).squareRoot() }
      // A channel, or a token, may be worse off than the others.
      let width = geometry.runLength
      let channels = deviations.meanSquares(width: width, isPadding: geometry.isPadding)
      let runs = (0..<deviations.count / width).filter { !geometry.isPadding(run: $0) }.map {
        Array(deviations[$0 * width..<($0 + 1) * width]).meanSquares(width: 1)[0]
      }
      let largest =
        Tolerance.peak(of: deviations.count) * max(channels.largestRoot, runs.largestRoot)
      if largest <= Self.maxShareOfScale * scale { result[stage] = largest }
    }
    return result
  }
}

extension [Double] {
  /// Errors that are independent, together: the root of their squares' sum.
  fileprivate var norm: Double { reduce(0) { $0 + $1 * $1 }.squareRoot() }
}
