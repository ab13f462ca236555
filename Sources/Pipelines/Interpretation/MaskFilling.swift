/// The best words at each mask of a text.
enum MaskFilling {
  /// What `scores` says of each token whose id is `mask`.
  ///
  /// `scores` gives a token's row of the vocabulary, `word` an id's word.
  static func fill(
    _ text: EncodedText, mask: Int, top: Int, scores: (Int) -> ArraySlice<Float>,
    word: (Int) -> String
  ) -> [FilledMask] {
    text.tokens.indices.filter { text.tokens[$0].id == mask }.map { position in
      let shares = Distribution.softmax(scores(position))
      let words = Distribution.best(top, of: shares).map {
        ScoredWord(word: word($0), id: $0, probability: shares[$0])
      }
      return FilledMask(position: position, words: words)
    }
  }
}
