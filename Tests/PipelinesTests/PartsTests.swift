import AlbertArchitecture
import AlbertTokenizers
import Testing

@testable import AlbertPipelines

/// The parts by themselves, on values that can be computed by hand.
@Suite struct PartsTests {
  @Test func theBestComeInOrderAndNoNumberLast() {
    #expect(Distribution.best(3, of: [0.1, .nan, 0.4, 0.4, 0.2]) == [2, 3, 4])
    #expect(Distribution.best(9, of: [0.1, .nan, 0.4]) == [2, 0, 1])
    #expect(Distribution.best(0, of: [1]) == [])
    let many = (0..<500).map { Double(($0 * 7919) % 500) }
    let hundred = Distribution.best(100, of: many)
    #expect(Array(hundred.prefix(64)) == Distribution.best(64, of: many))
    #expect(many[hundred[99]] == 400)
  }

  @Test func sharesSumUpWhateverTheScores() {
    let shares = Distribution.softmax([1000, 1000, -.infinity])
    #expect(shares == [0.5, 0.5, 0])
    #expect(Distribution.softmax([Float]()) == [])
    #expect(Distribution.sigmoid(0) == 0.5)
  }

  @Test func windowsOverlapAndReachTheEnd() {
    #expect(ContextWindows.ranges(count: 10, room: 4, stride: 2) == [0..<4, 2..<6, 4..<8, 6..<10])
    #expect(ContextWindows.ranges(count: 11, room: 4, stride: 2).last == 8..<11)
    #expect(ContextWindows.ranges(count: 3, room: 4, stride: 2) == [0..<3])
    #expect(ContextWindows.ranges(count: 5, room: 2, stride: 9) == [0..<2, 1..<3, 2..<4, 3..<5])
  }

  @Test func batchesHoldTextsOfOneLength() {
    let texts = [5, 1, 4, 2, 9].map { count in
      EncodedText(tokens: (0..<count).map { EncodedText.Token(id: $0) })
    }
    #expect(TextBatch.groups(texts, tokens: 8) == [[1, 3], [2], [0], [4]])
    #expect(TextBatch.groups(texts, tokens: 100).count == 1)
    #expect(TextBatch.groups([]) == [])
  }

  @Test func aBatchIsPaddedBehind() throws {
    let texts = [
      EncodedText(tokens: [EncodedText.Token(id: 7)]),
      EncodedText(tokens: [EncodedText.Token(id: 8), EncodedText.Token(id: 9, segment: 1)]),
    ]
    let inputs = try TextBatch.inputs(texts, padding: 3)
    #expect(inputs.inputIDs == [7, 3, 8, 9])
    #expect(inputs.attentionMask == [1, 0, 1, 1])
    #expect(inputs.tokenTypeIDs == [0, 0, 0, 1])
    let choices = try TextBatch.inputs(texts, padding: 3, areChoices: true)
    #expect(choices.shape.dimensions == [1, 2, 2])
  }

  @Test(arguments: SentencePooling.Mode.allCases)
  func everyPoolingMode(_ mode: SentencePooling.Mode) {
    let root = 3.0.squareRoot()
    let expected: [Double] =
      switch mode {
      case .firstToken: [1, 2]
      case .max: [5, 6]
      case .mean: [3, 4]
      case .lastToken: [3, 6]
      case .meanOverSquareRoot: [3 * root, 4 * root]
      case .weightedMean: [20.0 / 6, 28.0 / 6]
      }
    let rows: [[Float]] = [[1, 2], [5, 4], [3, 6]]
    let pooling = SentencePooling(modes: [mode], normalizes: false)
    let vector = pooling.vector(count: 3) { rows[$0][...] }
    for (mine, theirs) in zip(vector, expected) { #expect(abs(Double(mine) - theirs) < 1e-6) }
    let both = SentencePooling(modes: [.firstToken, mode], normalizes: true)
    let long = both.vector(count: 3) { rows[$0][...] }
    #expect(long.count == 4)
    #expect(abs(long.map { $0 * $0 }.reduce(0, +) - 1) < 1e-6)
  }

  @Test func spansLoseTheSpaceAroundThem() {
    let text = "é\u{3000}ab c"
    let span = TextSpan(scalars: 1..<5, bytes: 2..<8).trimmed(in: text)
    #expect(span == TextSpan(scalars: 2..<4, bytes: 5..<7))
    #expect(span.text(in: text) == "ab")
    let white = TextSpan(scalars: 1..<2, bytes: 2..<5)
    #expect(white.trimmed(in: text) == white)
  }
}
