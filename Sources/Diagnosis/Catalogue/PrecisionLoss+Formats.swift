internal import AlbertArchitecture
internal import AlbertPlatform

extension PrecisionLoss {
  /// The type of 8 bits that numbers went through as they are, and the error, all of which that explains.
  static func floatError(
    _ value: (Int) -> Double, _ expected: (Int) -> Double, count: Int
  ) -> (name: String, error: ExplainedError)? {
    for float in SmallFloat.all {
      var error = ExplainedError()
      let holds = (0..<count).allSatisfy { index in
        let (mine, theirs) = (value(index), expected(index))
        guard float.holds(mine) else { return false }
        let isLargest = abs(mine) == float.most && abs(theirs) >= float.most
        guard isLargest || abs(mine - theirs) <= 0.5 * float.unit(at: mine) else { return false }
        error.add(before: mine == theirs ? nil : mine - theirs, after: nil)
        return true
      }
      if holds { return (float.name, error) }
    }
    return nil
  }

  /// The 256 values of bitsandbytes' dynamic type, least first: the halves of ever finer parts of each power of
  /// ten (`create_dynamic_map`), zero and one.
  private static let dynamicMap: [Double] = {
    var values = [0.0, 1.0]
    for power in 0..<7 {
      let (parts, scale) = (1 << power, pow(10, Double(power - 6)))
      for part in 0..<parts {
        let middle = scale * (0.1 + 0.9 * (Double(part) + 0.5) / Double(parts))
        values += [middle, -middle]
      }
    }
    return values.sorted()
  }()

  /// Numbers that share a scale, as bitsandbytes cuts a tensor, whatever its rows are.
  private static let dynamicBlocks = [64, 128, 256, 512, 1024, 2048, 4096]

  /// The length of the blocks of a tensor that bitsandbytes quantised to 8 bits, and the error, all of which
  /// that explains; nil where a number contradicts it.
  static func dynamicError(
    _ value: (Int) -> Double, _ expected: (Int) -> Double, count: Int
  ) -> (block: Int, error: ExplainedError)? {
    // A shorter tensor is one block, of whatever length.
    let counted = dynamicBlocks.filter { $0 <= count || $0 == dynamicBlocks[0] }
    return firstBlock(of: counted, rows: 1, width: count) { run, _, error in
      addDynamic(run, value, expected, to: &error)
    }
  }

  /// Adds the errors of one block; false where its numbers are none of the type's, or lie nearer to another one.
  ///
  /// The largest number of a block is its scale where it is positive, else the type's least times it.
  private static func addDynamic(
    _ run: Range<Int>, _ value: (Int) -> Double, _ expected: (Int) -> Double,
    to error: inout ExplainedError
  ) -> Bool {
    let (least, most) = (run.map(value).min() ?? 0, run.map(value).max() ?? 0)
    guard least.isFinite, most.isFinite else { return false }
    let scale = max(most, least / (dynamicMap.first ?? -1))
    guard scale > 0 else { return run.allSatisfy { value($0) == expected($0) } }
    for index in run {
      let (mine, theirs) = (value(index), expected(index))
      let wanted = mine / scale
      let place = nearest(wanted)
      let (below, above) = (dynamicMap[max(0, place - 1)], dynamicMap[min(255, place + 1)])
      let gap = max(dynamicMap[place] - below, above - dynamicMap[place])
      guard abs(wanted - dynamicMap[place]) <= Policy.stepSlack * gap,
        abs(mine - theirs) <= (0.5 + Policy.stepSlack) * gap * scale
      else { return false }
      error.add(before: mine == theirs ? nil : mine - theirs, after: nil)
    }
    return true
  }

  /// The place of the value of the dynamic type that is nearest to a number.
  private static func nearest(_ number: Double) -> Int {
    var (low, high) = (0, dynamicMap.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if dynamicMap[middle] < number { low = middle + 1 } else { high = middle }
    }
    if low > 0, number - dynamicMap[low - 1] < dynamicMap[low] - number { return low - 1 }
    return low
  }
}
