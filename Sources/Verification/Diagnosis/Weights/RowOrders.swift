internal import Albert
internal import Tensors

/// Orders in which the rows of a table may be by mistake, found by looking for each row.
struct RowOrders {
  /// The reference's row of each of the subject's; nil for a row that the reference has not.
  let rows: [Int?]
  /// How many rows the reference has.
  let referenceRows: Int
  private let width: Int
  private let code: Diagnosis.Code

  /// Finds the rows of a table of words or positions; nil for any other parameter.
  ///
  /// `value` reads the subject, `expected` what the reference's numbers have become, both in the
  /// precision in which they can be equal.
  init?(
    _ suspect: Suspect, _ value: (Int) -> Double, _ expected: (Int) -> Double
  ) {
    switch suspect.parameter.role {
    case .wordEmbeddings, .mlmDecoderWeight, .mlmBias: code = .vocabularyRows
    case .positionEmbeddings: code = .positionOffset
    default: return nil
    }
    let (mine, theirs) = (suspect.shape.dimensions, suspect.referenceShape.dimensions)
    guard let count = mine.first, let other = theirs.first, mine.dropFirst() == theirs.dropFirst()
    else { return nil }
    let width = mine.count == 2 ? mine[1] : 1
    self.width = width
    referenceRows = other
    let keys = (0..<other).map { Self.key($0, width, expected) }
    let places = Dictionary(zip(keys, keys.indices), uniquingKeysWith: { first, _ in first })
    // Some rows tell whether it is worth while to look for all.
    let some = Array(SpreadIndices(count: count).prefix(64))
    guard some.count(where: { places[Self.key($0, width, value)] != nil }) * 4 >= some.count else {
      return nil
    }
    rows = (0..<count).map { row in
      let key = Self.key(row, width, value)
      // Rows that repeat, such as unused ones, count as in place where they may be.
      return row < other && keys[row] == key ? row : places[key]
    }
  }

  /// The order as a rearrangement; nil where most rows are none of the reference's, or all are in
  /// their places.
  var rearrangement: Rearrangement? {
    if let offset = commonOffset, offset != 0 { return shifted(by: offset) }
    guard code == .vocabularyRows else { return nil }
    let common = min(rows.count, referenceRows)
    guard rows.count(where: { $0 != nil }) * 100 >= common * 95 else { return nil }
    let moved = rows.enumerated().filter { $1 != nil && $1 != $0 }
    guard let first = moved.first, let source = first.element else { return resized }
    let offset = source - first.offset
    let isRun = moved.allSatisfy { row, source in source.map { $0 - row == offset } ?? true }
    let words =
      isRun && moved.count > 1
      ? "has its rows shifted by \(offset) from row \(first.offset) on: row \(first.offset) holds what row \(source) should"
      : "has its rows in another order: \(moved.count) of \(rows.count) are elsewhere, row \(first.offset) holds what row \(source) should"
    return Rearrangement(
      code: code, arrangement: .rows(rows, width: width), words: words)
  }

  /// Rows in their places, but fewer or more of them.
  private var resized: Rearrangement? {
    guard rows.count != referenceRows else { return nil }
    let words =
      rows.count < referenceRows
      ? "is cut: it has \(rows.count) rows of \(referenceRows)"
      : "is padded: it has \(rows.count) rows instead of \(referenceRows)"
    return Rearrangement(
      code: code, arrangement: .rows(rows, width: width), words: words)
  }

  /// How far most rows are from where they should be.
  private var commonOffset: Int? {
    var votes: [Int: Int] = [:]
    for (row, source) in rows.enumerated() {
      if let source { votes[source - row, default: 0] += 1 }
    }
    guard let best = votes.max(by: { ($0.value, -abs($0.key)) < ($1.value, -abs($1.key)) }) else {
      return nil
    }
    // Of the rows whose counterpart the reference has.
    let possible = rows.indices.count { (0..<referenceRows).contains($0 + best.key) }
    return possible > 0 && best.value * 100 >= possible * 95 ? best.key : nil
  }

  private func shifted(by offset: Int) -> Rearrangement {
    let order = rows.enumerated().map { row, source in
      (0..<referenceRows).contains(row + offset) ? row + offset : source
    }
    let example = max(0, -offset)
    return Rearrangement(
      code: code, arrangement: .rows(order, width: width),
      words:
        "is shifted by \(abs(offset)) \(abs(offset) == 1 ? "row" : "rows"): row \(example) holds what row \(example + offset) should"
    )
  }

  /// The first numbers of a row as one.
  private static func key(_ row: Int, _ width: Int, _ element: (Int) -> Double) -> UInt64 {
    var key: UInt64 = 0xCBF2_9CE4_8422_2325
    for column in 0..<min(width, 8) {
      // Zeros of both signs are the same number.
      key = (key ^ (element(row * width + column) + 0).bitPattern) &* 0x100_0000_01B3
      key ^= key >> 29
    }
    return key
  }
}
