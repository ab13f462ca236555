internal import AlbertArchitecture

extension PrecisionLoss {
  /// Numbers that a block quantised to 4 bits shares, larger ones first: what fits in one fits in its parts.
  private static let blocks = [256, 128, 64, 32]
  /// Values that 4 bits tell apart.
  private static let levels = 16

  /// The length of the blocks of a row that were quantised to 4 bits, and the error, all of which that
  /// explains; nil where a number contradicts it.
  ///
  /// The levels of a block are those that it holds, whatever their distances are: integers by a scale, or
  /// the quantiles of NF4.
  static func blockError(
    _ value: (Int) -> Double, _ expected: (Int) -> Double, rows: Int, width: Int
  ) -> (block: Int, error: ExplainedError)? {
    // Of hardly more numbers than there are levels nothing can be said.
    guard width >= 2 * levels else { return nil }
    // The largest that counts is the first to hold a whole row.
    for block in blocks where block / 2 < width {
      var error = ExplainedError()
      let holds = (0..<rows).allSatisfy { row in
        stride(from: 0, to: width, by: block).allSatisfy { first in
          let run = row * width + first..<row * width + min(first + block, width)
          return add(run, value, expected, to: &error)
        }
      }
      if holds { return (block, error) }
    }
    return nil
  }

  /// Adds the errors of one block; false where it has more levels, or a number lies nearer to another one.
  private static func add(
    _ run: Range<Int>, _ value: (Int) -> Double, _ expected: (Int) -> Double,
    to error: inout ExplainedError
  ) -> Bool {
    var levels: [Double] = []
    for index in run {
      let mine = value(index)
      guard mine.isFinite, !levels.contains(mine) else { continue }
      guard levels.count < Self.levels else { return false }
      levels.append(mine)
    }
    levels.sort()
    var widest = 0.0
    for (below, above) in zip(levels, levels.dropFirst()) { widest = max(widest, above - below) }
    for index in run {
      let (mine, theirs) = (value(index), expected(index))
      // What lies beyond the last level is cut off there, by up to a whole step.
      let isLast = mine == levels.first || mine == levels.last
      guard abs(mine - theirs) <= (isLast ? 1 : 0.5) * widest * (1 + Policy.stepSlack) else {
        return false
      }
      error.add(before: mine == theirs ? nil : mine - theirs, after: nil)
    }
    return true
  }
}
