internal import AlbertArchitecture

extension PrecisionLoss {
  /// Numbers that a block quantised to 4 bits shares, larger ones first: what fits in one fits in its parts.
  private static let blocks = [256, 128, 64, 32]
  /// Values that 4 bits tell apart, which is also the length of the shortest blocks.
  private static let levels = 16

  /// The length of the blocks of a row that were quantised to 4 bits, and the error, all of which that
  /// explains; nil where a number contradicts it.
  ///
  /// The levels of a block are those that it holds, whatever their distances are: integers by a scale, or
  /// the quantiles of NF4. Of no more numbers than there are levels only equal distances tell.
  static func blockError(
    _ value: (Int) -> Double, _ expected: (Int) -> Double, rows: Int, width: Int
  ) -> (block: Int, error: ExplainedError)? {
    guard width >= fewestOnGrid else { return nil }
    // The largest that counts is the first to hold a whole row.
    let counted = width < 2 * levels ? [] : blocks.filter { $0 / 2 < width }
    return firstBlock(of: counted + [levels], rows: rows, width: width) { run, block, error in
      add(run, value, expected, isOnGrid: block == levels, to: &error)
    }
  }

  /// The same of blocks that were quantised to 8 bits, which equal distances alone tell.
  static func gridError(
    _ value: (Int) -> Double, _ expected: (Int) -> Double, rows: Int, width: Int
  ) -> (block: Int, error: ExplainedError)? {
    guard width >= levels else { return nil }
    let counted = (blocks + [levels]).filter { $0 / 2 < width }
    return firstBlock(of: counted, rows: rows, width: width) { run, _, error in
      addGrid(run, value, expected, to: &error)
    }
  }

  /// The first of some lengths of which each block of each row holds, and the error; nil where none does.
  ///
  /// `add` adds the errors of one block; false where a number contradicts it.
  static func firstBlock(
    of lengths: [Int], rows: Int, width: Int,
    _ add: (_ run: Range<Int>, _ block: Int, _ error: inout ExplainedError) -> Bool
  ) -> (block: Int, error: ExplainedError)? {
    for block in lengths {
      var error = ExplainedError()
      let holds = (0..<rows).allSatisfy { row in
        stride(from: 0, to: width, by: block).allSatisfy { first in
          add(row * width + first..<row * width + min(first + block, width), block, &error)
        }
      }
      if holds { return (block, error) }
    }
    return nil
  }

  /// Adds the errors of one block of 8 bits; false where its numbers have no common distance, or lie nearer
  /// to another one.
  private static func addGrid(
    _ run: Range<Int>, _ value: (Int) -> Double, _ expected: (Int) -> Double,
    to error: inout ExplainedError
  ) -> Bool {
    let values = run.map(value)
    guard values.allSatisfy(\.isFinite), let least = values.min(), let most = values.max() else {
      return false
    }
    guard let distance = least == most ? 0 : step([least] + values + [most], most: 255) else {
      return false
    }
    return addNearest(run, value, expected, within: distance, ends: [least, most], to: &error)
  }

  /// Adds the errors of a block; false where a number lies nearer to another level, of which neighbours are at
  /// most `distance` apart.
  private static func addNearest(
    _ run: Range<Int>, _ value: (Int) -> Double, _ expected: (Int) -> Double,
    within distance: Double, ends: [Double], to error: inout ExplainedError
  ) -> Bool {
    for index in run {
      let (mine, theirs) = (value(index), expected(index))
      // What lies beyond the last level is cut off there, by up to a whole step.
      let isLast = ends.contains(mine)
      guard abs(mine - theirs) <= (isLast ? 1 : 0.5) * distance * (1 + Policy.stepSlack) else {
        return false
      }
      error.add(before: mine == theirs ? nil : mine - theirs, after: nil)
    }
    return true
  }

  /// The fewest numbers of a row of which equal distances say anything.
  private static let fewestOnGrid = 4

  /// The distance of which all others of numbers are a multiple, between the first and the last at most `most`;
  /// nil where there is none.
  private static func step(
    _ levels: [Double], most count: Int = PrecisionLoss.levels - 1
  ) -> Double? {
    guard let least = levels.first, let most = levels.last else { return nil }
    return (1...count).lazy.map { (most - least) / Double($0) }.first { step in
      levels.allSatisfy {
        let steps = ($0 - least) / step
        return abs(steps - steps.rounded()) <= Policy.stepSlack
      }
    }
  }

  /// Adds the errors of one block; false where it has more levels, or other distances than a grid's, or a
  /// number lies nearer to another one.
  private static func add(
    _ run: Range<Int>, _ value: (Int) -> Double, _ expected: (Int) -> Double, isOnGrid: Bool,
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
    if isOnGrid, levels.count > 1 {
      guard let step = step(levels) else { return false }
      widest = step
    } else {
      for (below, above) in zip(levels, levels.dropFirst()) { widest = max(widest, above - below) }
    }
    let ends = [levels.first, levels.last].compactMap(\.self)
    return addNearest(run, value, expected, within: widest, ends: ends, to: &error)
  }
}
