/// An error without and with a hypothesis, added up element by element.
///
/// Where numbers are not finite their distance says nothing, so that elements are counted instead.
struct ExplainedError: Equatable {
  /// Sum of the squared differences as they are.
  private(set) var squaresBefore = 0.0
  /// Sum of the squared differences that remain under the hypothesis.
  private(set) var squaresAfter = 0.0
  /// Elements that differ as they are.
  private(set) var countBefore = 0
  /// Elements that differ under the hypothesis.
  private(set) var countAfter = 0
  private var isFinite = true

  /// Adds an element's difference as it is, and under the hypothesis; nil for none.
  mutating func add(before: Double?, after: Double?) {
    if let before {
      countBefore += 1
      isFinite = isFinite && before.isFinite
      squaresBefore += before * before
    }
    if let after {
      countAfter += 1
      isFinite = isFinite && after.isFinite
      squaresAfter += after * after
    }
  }

  /// Adds what was added to another one.
  mutating func add(_ other: ExplainedError) {
    squaresBefore += other.squaresBefore
    squaresAfter += other.squaresAfter
    countBefore += other.countBefore
    countAfter += other.countAfter
    isFinite = isFinite && other.isFinite
  }

  /// The share of the error that vanishes under the hypothesis, 0…1, by its norm.
  var share: Double {
    if countAfter == 0 { return 1 }
    if isFinite && squaresBefore.isFinite && squaresAfter.isFinite {
      return squaresBefore > 0 ? max(0, 1 - (squaresAfter / squaresBefore).squareRoot()) : 0
    }
    return countBefore > 0 ? max(0, 1 - Double(countAfter) / Double(countBefore)) : 0
  }
}
