/// How far one stage is from another: of real tokens, and apart from them of padding.
package struct StageError: Equatable, Sendable {
  /// The difference of a part of the elements.
  package struct Part: Equatable, Sendable {
    /// The largest absolute difference; infinite where a value is not finite.
    package internal(set) var maxAbs = 0.0
    /// The norm of the difference by the norm of the expected values.
    package internal(set) var relL2 = 0.0
    /// Elements compared.
    package internal(set) var count = 0
    /// Values that are no finite numbers, on either side.
    package internal(set) var nonFinite = 0
    /// Where the difference is largest, or the first value that is not finite.
    package internal(set) var worst: ElementLocation?
  }

  /// Tokens that count.
  package let real: Part
  /// Padding, where upstreams differ legitimately.
  package let padded: Part
  /// The largest root mean square of a channel of the expected values, over real tokens: the size
  /// to which rounding errors are relative.
  package let scale: Double

  /// Whether no real token is off by more than `most`, and all are finite.
  func holds(within most: Double) -> Bool { real.nonFinite == 0 && real.maxAbs <= most }
}

/// One element of a stage, by what its axes mean.
package struct ElementLocation: Equatable, Sendable, CustomStringConvertible {
  /// The row of the batch.
  package let batch: Int
  package var head: Int?
  package var token: Int?
  /// The token that is looked at.
  package var key: Int?
  /// The channel: a feature, a word of the vocabulary or a label.
  package var channel: Int?

  /// The axes that it has, outermost first, with its place along each.
  package var axes: [(name: String, place: Int)] {
    let all = [
      ("batch", batch), ("head", head), ("token", token), ("key", key), ("channel", channel),
    ]
    return all.compactMap { name, place in place.map { (name, $0) } }
  }

  /// `batch 0, token 3, channel 17`.
  package var description: String {
    axes.map { "\($0.name) \($0.place)" }.joined(separator: ", ")
  }
}
