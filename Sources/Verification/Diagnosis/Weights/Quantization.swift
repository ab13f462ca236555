internal import Albert
internal import Tensors

/// Finds numbers that went through 8-bit integers: multiples of a step, each at most half a step from
/// where it should be.
struct Quantization {
  let pair: ModelPair
  let suspect: Suspect

  /// The fewest numbers that tell multiples of a step from coincidence.
  private static let fewest = 8
  /// How far a number may be from a multiple, in steps.
  private static let slack = 1e-3

  /// What is said of the parameter; nil where its numbers are no such multiples.
  var finding: WeightFinding? {
    guard suspect.shape == suspect.referenceShape, suspect.shape.count >= Self.fewest else {
      return nil
    }
    let type = pair.reference.elementType(of: suspect.parameter)
    return pair.withBytes(of: suspect.parameter) { mine, theirs in
      finding(
        { mine.double(at: $0, of: suspect.type) ?? .nan },
        { theirs.double(at: $0, of: type) ?? .nan })
    }
  }

  private func finding(
    _ value: (Int) -> Double, _ expected: (Int) -> Double
  ) -> WeightFinding? {
    let (count, shape) = (suspect.shape.count, suspect.shape.dimensions)
    let ways = [(shape.count == 2 ? shape[1] : count, "one scale per row"), (count, "one scale")]
    for (length, scales) in ways {
      for isSymmetric in [true, false] {
        if let error = error(value, expected, runs: length, isSymmetric: isSymmetric) {
          return WeightFinding(
            code: .precisionLoss, parameter: suspect.parameter,
            words: "was quantised to int8 (\(scales))", error: error)
        }
      }
    }
    return nil
  }

  /// The error, all of which quantisation explains; nil where a number contradicts it.
  ///
  /// The step is a 127th of the largest number of a run, or a 255th of the range.
  private func error(
    _ value: (Int) -> Double, _ expected: (Int) -> Double, runs length: Int, isSymmetric: Bool
  ) -> ExplainedError? {
    var error = ExplainedError()
    for start in stride(from: 0, to: suspect.shape.count, by: length) {
      var (least, most) = (0.0, 0.0)
      for index in start..<start + length {
        least = min(least, value(index))
        most = max(most, value(index))
      }
      let step = isSymmetric ? max(most, -least) / 127 : (most - least) / 255
      guard step > 0, step.isFinite else {
        // A row of zeros, as a matrix may have some.
        if (start..<start + length).contains(where: { value($0) != expected($0) }) { return nil }
        continue
      }
      for index in start..<start + length {
        let (mine, theirs) = (value(index), expected(index))
        let steps = mine / step
        guard abs(steps - steps.rounded()) <= Self.slack,
          abs(mine - theirs) <= (0.5 + Self.slack) * step
        else { return nil }
        error.add(before: mine == theirs ? nil : mine - theirs, after: nil)
      }
    }
    return error
  }
}
