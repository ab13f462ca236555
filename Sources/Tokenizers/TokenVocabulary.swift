/// Every id that a tokenizer may yield, with its piece; scores where the algorithm has them.
package struct TokenVocabulary: Sendable {
  /// The pieces by id; nil where no piece has that id.
  package private(set) var pieces: [String?]
  /// The score of each piece of the model; empty where it has none.
  package private(set) var scores: [Double]
  /// The ids of tokens that are not part of any text.
  package private(set) var specialIDs: Set<Int> = []

  init(pieces: [String?], scores: [Double] = []) {
    self.pieces = pieces
    self.scores = scores
  }

  /// One more than the largest id.
  package var count: Int { pieces.count }

  /// The piece of `id`.
  package func piece(_ id: Int) -> String? { pieces.indices.contains(id) ? pieces[id] : nil }

  /// The largest id that an added token may have: the rows of a table of embeddings are few millions.
  static let largestID = 1 << 22

  /// Names added tokens, beyond the model's own too.
  mutating func add(_ added: AddedTokens) {
    for id in added.sorted {
      guard let token = added.byID[id], id >= 0 else { continue }
      if id >= pieces.count {
        pieces += Array(repeating: nil, count: id + 1 - pieces.count)
      }
      pieces[id] = token.content
      if token.isSpecial { specialIDs.insert(id) }
    }
  }
}
