/// What a forward pass may leave out.
package struct ForwardOptions: Sendable {
  /// Whether padding is left out: rows of padded tokens are zeros, those of the others as with padding.
  ///
  /// It is left out by itself where no stage that is wanted has rows of tokens.
  package var skipsPadding: Bool

  /// The tokens, by their places in the inputs, whose words are scored; all where nil.
  ///
  /// The prediction logits are then [tokens, V] in this order.
  package var scored: [Int]?

  /// Leaves out what is stated.
  package init(skipsPadding: Bool = false, scored: [Int]? = nil) {
    self.skipsPadding = skipsPadding
    self.scored = scored
  }
}
