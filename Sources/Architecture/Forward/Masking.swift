/// What a runtime does to the scores of attention where a mask says what is padding.
///
/// Upstream adds the lowest number to the scores of padding. Written by hand, or by an exporter that rounds, the
/// mask has another sign, too small a number, or another operator.
package struct Masking: Hashable, Sendable {
  /// What becomes of a score, and of the probability that the softmax makes of it.
  package struct Treatment: Hashable, Sendable {
    package var factor = 1.0
    package var addend = 0.0
    package var factorBehind = 1.0
  }

  /// The scores of padding.
  package let padding: Treatment
  /// The scores of tokens.
  package let tokens: Treatment

  private init(padding: Treatment = Treatment(), tokens: Treatment = Treatment()) {
    self.padding = padding
    self.tokens = tokens
  }

  /// As upstream: in a row that has nothing but padding all scores become that number, and every key counts alike.
  package static let hiding = Masking(padding: Treatment(addend: -.greatestFiniteMagnitude))

  /// Enough to leave nothing of what it is added to, and little enough for Float32 to hold it beside a score.
  private static let enough = 10_000.0

  /// What is done by mistake, in words behind "was computed with".
  package static let mistaken: [(masking: Masking, words: String)] =
    [
      // Beside the lowest number no score is left; then all of padding, or all tokens of a row without, are alike.
      Masking(padding: Treatment(addend: enough)),
      Masking(padding: Treatment(addend: .greatestFiniteMagnitude)),
      Masking(tokens: Treatment(addend: -.greatestFiniteMagnitude)),
    ].map {
      ($0, "the attention mask the other way round: padding is attended to, and nothing else")
    }
    + [
      (
        Masking(padding: Treatment(factor: 0)),
        "the scores multiplied by the attention mask, which leaves those of padding at 0"
      ),
      (
        Masking(padding: Treatment(factor: -enough), tokens: Treatment(factor: 0)),
        "the scores multiplied by what should have been added to them for the attention mask"
      ),
      (
        Masking(padding: Treatment(factorBehind: 0)),
        "the attention mask behind the softmax, so that probabilities do not sum to one"
      ),
    ]
    + [1, 2, 5, 10].map { weak($0) }

  /// A number that hides padding in part alone, or with the other sign does the contrary.
  package static func weak(_ amount: Double) -> (masking: Masking, words: String) {
    let number = amount == amount.rounded() ? "\(Int(amount))" : "\(amount)"
    return (
      Masking(padding: Treatment(addend: -amount)),
      amount < 0
        ? "\(number.dropFirst()) added to the scores of padding, which is attended to all the more"
        : "no more than -\(number) added to the scores of padding, which is attended to all the same"
    )
  }
}
