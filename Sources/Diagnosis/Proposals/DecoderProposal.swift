/// How much of some logits no state in front of a decoder can give.
struct DecoderProposal {
  /// The norm of what lies outside of the decoder's columns.
  let outside: Double
  /// The same by the norm of all.
  let share: Double
  /// Numbers that were looked at.
  let count: Int

  /// `columns` are the decoder's at some words, `logits` those of tokens at the same words, whose
  /// mean is left out: the vocabulary's bias does not come from the decoder.
  init(columns: [[Double]], logits: [[Double]]) {
    let fit = LeastSquares(columns: columns)
    let words = logits.first?.indices ?? 0..<0
    let mean = words.map { word in
      logits.reduce(0) { $0 + $1[word] } / Double(max(1, logits.count))
    }
    var (outside, all) = (0.0, 0.0)
    for row in logits {
      let centred = zip(row, mean).map { $0 - $1 }
      all += centred.reduce(0) { $0 + $1 * $1 }
      outside += fit.remainder(centred).reduce(0) { $0 + $1 * $1 }
    }
    self.outside = outside.squareRoot()
    share = all > 0 ? (outside / all).squareRoot() : 0
    count = logits.count * words.count
  }

  /// Whether rows of logits are a linear function of the states in front of them; nil where the rows
  /// are too few to tell.
  static func isLinear(_ logits: [[Double]], in states: [[Double]]) -> Bool? {
    let width = states.first?.count ?? 0
    guard states.count == logits.count, logits.count >= width + 8 else { return nil }
    let ones = [Double](repeating: 1, count: logits.count)
    let fit = LeastSquares(
      columns: (0..<width).map { column in states.map { $0[column] } } + [ones])
    var (rest, all) = (0.0, 0.0)
    for word in logits.first?.indices ?? 0..<0 {
      let column = logits.map { $0[word] }
      all += column.reduce(0) { $0 + $1 * $1 }
      rest += fit.remainder(column).reduce(0) { $0 + $1 * $1 }
    }
    return rest.squareRoot() <= Policy.linearRemainder * all.squareRoot()
  }
}
