/// Pieces that stand in other rows of a vocabulary than they should: most of those that differ at all.
package struct VocabularyOrder: Sendable {
  /// A piece's row, and the row where it should stand.
  package struct Move: Equatable, Sendable {
    /// Where it stands.
    package let row: Int
    /// Where it should.
    package let expected: Int
  }

  /// The pieces that are elsewhere, in the order of their right rows.
  package let moves: [Move]
  /// What is said of them, such as `rows 200 and 300 of the vocabulary are swapped: 'a' and 'b'`.
  package let words: String

  /// How the pieces of `subject` stand to those of `reference`; nil where most of those that differ are
  /// not elsewhere but other ones.
  package init?(_ subject: TokenVocabulary, among reference: TokenVocabulary) {
    let (ours, theirs) = (subject.pieces, reference.pieces)
    let differing = theirs.indices.filter { row in
      row >= ours.count || !TokenVocabulary.isSame(ours[row], theirs[row])
    }
    guard !differing.isEmpty else { return nil }
    var rows = ScalarTrie(edges: ours.count * 4)
    for (row, piece) in ours.enumerated() {
      if let piece { rows.insert(piece.unicodeScalars, Int32(truncatingIfNeeded: row)) }
    }
    moves = differing.compactMap { expected in
      guard let piece = theirs[expected], let row = rows.value(of: piece.unicodeScalars) else {
        return nil
      }
      return Move(row: Int(row), expected: expected)
    }
    guard let first = moves.first, moves.count * 2 > differing.count else { return nil }
    if let shift = Self.shift(moves, of: differing.count) {
      words = Self.words(shift: shift, from: first.expected)
    } else if moves.count == 2, moves[1].row == first.expected, first.row == moves[1].expected {
      words =
        "rows \(first.expected) and \(first.row) of the vocabulary are swapped: "
        + "\(subject.shown(first.expected)) and \(subject.shown(first.row))"
    } else {
      words =
        "\(moves.count) rows of the vocabulary stand in another order, from row \(first.expected) on"
    }
  }

  /// By how many rows most pieces that differ are moved; two that are swapped are not.
  private static func shift(_ moves: [Move], of differing: Int) -> Int? {
    var counts: [Int: Int] = [:]
    for move in moves { counts[move.row - move.expected, default: 0] += 1 }
    guard let most = counts.max(by: { ($0.value, -abs($0.key)) < ($1.value, -abs($1.key)) }),
      most.value * 2 > differing, differing > 2
    else { return nil }
    return most.key
  }

  private static func words(shift: Int, from row: Int) -> String {
    let count = abs(shift)
    return
      "the vocabulary is shifted\(row > 0 ? " from row \(row) on" : ""): the reference's pieces "
      + "stand \(count) \(count == 1 ? "row" : "rows") \(shift > 0 ? "later" : "earlier") here"
  }
}

extension TokenVocabulary {
  /// Whether two pieces are the same, scalar by scalar.
  static func isSame(_ left: String?, _ right: String?) -> Bool {
    switch (left, right) {
    case (nil, nil): true
    case (let left?, let right?): left.utf8.elementsEqual(right.utf8)
    default: false
    }
  }

  /// Whether every row has the same piece in both.
  package func hasSameRows(as other: TokenVocabulary) -> Bool {
    count == other.count && zip(pieces, other.pieces).allSatisfy { Self.isSame($0, $1) }
  }

  /// What is said of a row.
  func shown(_ row: Int) -> String { piece(row).map { "'\($0)'" } ?? "no piece" }
}
