internal import AlbertArchitecture
internal import AlbertPlatform
internal import AlbertTensors

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

  /// The length of the blocks of a tensor that bitsandbytes quantised, or onnxruntime as that does, the type,
  /// and the error, all of which that explains; nil where a number contradicts it.
  static func tableError(
    _ value: (Int) -> Double, _ expected: (Int) -> Double, count: Int
  ) -> (name: String, block: Int, error: ExplainedError)? {
    for table in ValueTable.all {
      // The largest that counts is the first to hold a whole tensor.
      let counted = table.blocks.filter { $0 / 2 < count || $0 == table.blocks.last }
      let found = firstBlock(of: counted, rows: 1, width: count) { run, _, error in
        add(run, value, expected, of: table, to: &error)
      }
      if let (block, error) = found { return (table.name, block, error) }
    }
    return nil
  }

  /// Adds the errors of one block; false where its numbers are none of the type's, or lie nearer to another one.
  ///
  /// The largest number of a block is its scale where it is positive, else the type's least times it.
  private static func add(
    _ run: Range<Int>, _ value: (Int) -> Double, _ expected: (Int) -> Double,
    of table: ValueTable, to error: inout ExplainedError
  ) -> Bool {
    let (least, most) = (run.map(value).min() ?? 0, run.map(value).max() ?? 0)
    guard least.isFinite, most.isFinite else { return false }
    let scale = max(most, least / (table.values.first ?? -1))
    guard scale > 0 else { return run.allSatisfy { value($0) == expected($0) } }
    for index in run {
      let (mine, theirs) = (value(index), expected(index))
      let (nearest, gap) = table.nearest(mine / scale)
      guard abs(mine / scale - nearest) <= Policy.stepSlack * gap,
        abs(mine - theirs) <= (0.5 + Policy.stepSlack) * gap * scale
      else { return false }
      error.add(before: mine == theirs ? nil : mine - theirs, after: nil)
    }
    return true
  }
}

/// The numbers that a type of bitsandbytes' stands for, of which each block has a multiple.
private struct ValueTable {
  let name: String
  /// Least first.
  let values: [Double]
  /// Numbers that share a scale, whatever the tensor's rows are; larger ones first, since of few numbers each part
  /// may reach the scale of the whole.
  let blocks: [Int]

  static let all =
    [
      ValueTable(
        name: "bitsandbytes' 8 bits", values: dynamic,
        blocks: [4096, 2048, 1024, 512, 256, 128, 64])
    ]
    + [(0, "FP4"), (1, "NF4")].map { type, name in
      ValueTable(
        name: name, values: Set(FourBitTable.all[type] ?? []).sorted(),
        blocks: [4096, 2048, 1024, 512, 256, 128, 64, 32, 16])
    }

  /// The halves of ever finer parts of each power of ten (`create_dynamic_map`), zero and one.
  private static var dynamic: [Double] {
    var values = [0.0, 1.0]
    for power in 0..<7 {
      let (parts, scale) = (1 << power, pow(10, Double(power - 6)))
      for part in 0..<parts {
        let middle = scale * (0.1 + 0.9 * (Double(part) + 0.5) / Double(parts))
        values += [middle, -middle]
      }
    }
    return values.sorted()
  }

  /// The value that is nearest to a number, and how far its neighbours are at most.
  func nearest(_ number: Double) -> (value: Double, gap: Double) {
    var (low, high) = (0, values.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if values[middle] < number { low = middle + 1 } else { high = middle }
    }
    if low > 0, number - values[low - 1] < values[low] - number { low -= 1 }
    let (below, above) = (values[max(0, low - 1)], values[min(values.count - 1, low + 1)])
    return (values[low], max(values[low] - below, above - values[low]))
  }
}
