/// Which row of a table each row of another one repeats.
struct RowOrder {
  /// The row of the first table for each of the second; nil where none has its numbers.
  let sources: [Int?]
  /// How many rows the first table has.
  let available: Int

  /// Looks for each of `count` rows among `available` ones by equal numbers; nil where few are found.
  ///
  /// `value` reads the table that is looked at, `expected` the one with the rows.
  init?(
    count: Int, among available: Int, width: Int, _ value: (Int) -> Double,
    _ expected: (Int) -> Double
  ) {
    let keys = (0..<available).map { Self.key($0, width, expected) }
    let places = Dictionary(firstOfEach: zip(keys, keys.indices))
    let some = Array(SpreadIndices(count: count).prefix(Policy.rowProbes))
    let found = some.count { places[Self.key($0, width, value)] != nil }
    guard Double(found) >= Policy.foundRowProbes * Double(some.count) else { return nil }
    sources = (0..<count).map { row in
      let key = Self.key(row, width, value)
      // Rows that repeat, such as unused ones, count as in place where they may be.
      return row < available && keys[row] == key ? row : places[key]
    }
    self.available = available
  }

  /// Looks for each of `rows` among `own`, within what is allowed per number.
  init(_ rows: [[Double]], among own: [[Double]], _ allowed: Double) {
    let sorted = own.indices.ordered { own[$0][0] < own[$1][0] }
    let keys = sorted.map { own[$0][0] }
    sources = rows.indices.map { index in
      let target = rows[index]
      func isEqual(_ row: Int) -> Bool {
        zip(own[row], target).allSatisfy { abs($0 - $1) <= allowed }
      }
      if index < own.count, isEqual(index) { return index }
      // The first of the sorted rows that is not below the target's first number.
      var (low, high) = (0, keys.count)
      while low < high {
        let middle = (low + high) / 2
        if keys[middle] < target[0] - allowed { low = middle + 1 } else { high = middle }
      }
      while low < keys.count, keys[low] <= target[0] + allowed {
        if isEqual(sorted[low]) { return sorted[low] }
        low += 1
      }
      return nil
    }
    available = own.count
  }

  /// The first numbers of a row as one.
  private static func key(_ row: Int, _ width: Int, _ element: (Int) -> Double) -> UInt64 {
    var key: UInt64 = 0xCBF2_9CE4_8422_2325
    for column in 0..<min(width, Policy.rowKey) {
      // Zeros of both signs are the same number.
      key = (key ^ (element(row * width + column) + 0).bitPattern) &* 0x100_0000_01B3
      key ^= key >> 29
    }
    return key
  }
}

extension RowOrder {
  /// What is said of a table whose rows are `offset` before their own places.
  static func shift(_ offset: Int) -> String {
    let example = max(0, -offset)
    return
      "is shifted by \(abs(offset)) \(abs(offset) == 1 ? "row" : "rows"): row \(example) holds what row \(example + offset) should"
  }

  /// The order and its words where most rows are shifted alike.
  var shifted: (order: [Int?], words: String)? {
    guard let offset = commonOffset, offset != 0 else { return nil }
    let order = sources.enumerated().map { row, source in
      (0..<available).contains(row + offset) ? row + offset : source
    }
    return (order, Self.shift(offset))
  }

  /// The same for rows that are shifted, in another order, or of another number; nil where most rows
  /// are none of the first table's, or all are in their places.
  var explanation: (order: [Int?], words: String)? {
    if let shifted { return shifted }
    let common = Double(min(sources.count, available))
    guard Double(sources.count { $0 != nil }) >= Policy.tellingRows * common else { return nil }
    let moved = sources.enumerated().filter { $1 != nil && $1 != $0 }
    guard let first = moved.first, let source = first.element else {
      return resizing.map { (sources, $0) }
    }
    let offset = source - first.offset
    let isRun = moved.allSatisfy { row, source in source.map { $0 - row == offset } ?? true }
    let words =
      isRun && moved.count > 1
      ? "has its rows shifted by \(offset) from row \(first.offset) on: row \(first.offset) holds what row \(source) should"
      : "has its rows in another order: \(moved.count) of \(sources.count) are elsewhere, row \(first.offset) holds what row \(source) should"
    return (sources, words)
  }

  /// What is said of rows in their places, but fewer or more of them, and the share of them that are.
  var resized: (words: String, share: Double)? {
    let share =
      Double(sources.enumerated().count { $0 == $1 })
      / Double(max(1, min(sources.count, available)))
    return share >= Policy.keptRows ? resizing.map { ($0, share) } : nil
  }

  private var resizing: String? {
    guard sources.count != available else { return nil }
    return sources.count < available
      ? "is cut to \(sources.count) rows of \(available)"
      : "is padded to \(sources.count) rows instead of \(available)"
  }

  /// How far most rows are from where they should be.
  private var commonOffset: Int? {
    var votes: [Int: Int] = [:]
    for (row, source) in sources.enumerated() {
      if let source { votes[source - row, default: 0] += 1 }
    }
    guard let best = votes.max(by: { ($0.value, -abs($0.key)) < ($1.value, -abs($1.key)) }) else {
      return nil
    }
    // Of the rows whose counterpart there is.
    let possible = sources.indices.count { (0..<available).contains($0 + best.key) }
    return possible > 0 && Double(best.value) >= Policy.tellingRows * Double(possible)
      ? best.key : nil
  }
}
