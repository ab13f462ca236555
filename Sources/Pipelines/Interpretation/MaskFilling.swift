/// The best words at each mask of a text.
enum MaskFilling {
  /// What `scores` says of the masks at some positions.
  ///
  /// `scores` gives the vocabulary's row of the n-th mask, `word` an id's word.
  static func fill(
    _ positions: [Int], top: Int, scores: (Int) -> ArraySlice<Float>, word: (Int) -> String
  ) -> [FilledMask] {
    positions.enumerated().map { index, position in
      let shares = Distribution.softmax(scores(index))
      let words = Distribution.best(top, of: shares).map {
        ScoredWord(word: word($0), id: $0, probability: shares[$0])
      }
      return FilledMask(position: position, words: words)
    }
  }
}
