internal import AlbertTokenizers

/// The parts of a context that answer a question, by where they are likely to begin and to end.
///
/// A context that is longer than the model's positions is looked at in windows, each by itself; the
/// scores of all are then held against each other, as transformers' pipeline has it.
struct AnswerSearch {
  /// The largest number of tokens of an answer.
  var longest = 15
  /// Answers reach from the beginning of a word to the end of one.
  let words: WordRule

  /// One window: its tokens, and the scores that an answer begins or ends at each.
  struct Window {
    let text: EncodedText
    let start: ArraySlice<Float>
    let end: ArraySlice<Float>
  }

  /// What the windows say.
  struct Outcome: Equatable {
    /// The best answers, best first.
    let answers: [Answer]
    /// The probability that there is none, as SQuAD 2 has it: the least of all windows.
    let noAnswer: Double
  }

  /// The `top` best answers in `context`, each part of it once.
  func search(_ windows: [Window], in context: String, top: Int) -> Outcome {
    var noAnswer = Double.infinity
    var found: [Answer] = []
    for window in windows {
      let tokens = window.text.tokens
      // The first token stands for no answer.
      let isPossible = tokens.indices.map { $0 == 0 || isContext($0, in: tokens) }
      let start = shares(window.start, isPossible)
      let end = shares(window.end, isPossible)
      guard let first = start.first, let last = end.first else { continue }
      noAnswer = min(noAnswer, first * last)
      found += answers(
        spans(start, end, isPossible), in: tokens, of: context, top: top)
    }
    var seen: Set<Range<Int>> = []
    let best = Distribution.best(found.count, of: found.map(\.score)).map { found[$0] }
      .filter { answer in answer.span.map { seen.insert($0.bytes).inserted } ?? false }
    return Outcome(answers: Array(best.prefix(top)), noAnswer: noAnswer)
  }

  /// The first `top` different parts of `context` that spans of tokens mean.
  private func answers(
    _ spans: [(range: ClosedRange<Int>, score: Double)], in tokens: [EncodedText.Token],
    of context: String, top: Int
  ) -> [Answer] {
    var answers: [Answer] = []
    for (range, score) in spans {
      if answers.count == top { break }
      let whole = wholeWords(range, in: tokens)
      guard let from = tokens[whole.lowerBound].span, let to = tokens[whole.upperBound].span else {
        continue
      }
      let span = TextSpan(from: from, through: to).trimmed(in: context)
      if answers.contains(where: { $0.span == span }) { continue }
      answers.append(Answer(text: span.text(in: context), span: span, score: score))
    }
    return answers
  }

  private func shares(_ scores: ArraySlice<Float>, _ isPossible: [Bool]) -> [Double] {
    Distribution.softmax(
      zip(scores.prefix(isPossible.count), isPossible).map { $1 ? $0 : -.infinity })
  }

  /// All spans of possible tokens, the likeliest first.
  private func spans(
    _ start: [Double], _ end: [Double], _ isPossible: [Bool]
  ) -> [(range: ClosedRange<Int>, score: Double)] {
    var spans: [(range: ClosedRange<Int>, score: Double)] = []
    for first in start.indices.dropFirst() where isPossible[first] {
      for last in first..<min(first + longest, end.count) where isPossible[last] {
        spans.append((first...last, start[first] * end[last]))
      }
    }
    return spans.indices.sorted { left, right in
      spans[left].score == spans[right].score
        ? left < right : spans[left].score > spans[right].score
    }.map { spans[$0] }
  }

  /// The span widened to whole words of the window.
  private func wholeWords(
    _ range: ClosedRange<Int>, in tokens: [EncodedText.Token]
  ) -> ClosedRange<Int> {
    var (first, last) = (range.lowerBound, range.upperBound)
    while words.continues(tokens[first].piece), isContext(first - 1, in: tokens) { first -= 1 }
    while isContext(last + 1, in: tokens), words.continues(tokens[last + 1].piece) { last += 1 }
    return first...last
  }

  private func isContext(_ index: Int, in tokens: [EncodedText.Token]) -> Bool {
    tokens.indices.contains(index) && tokens[index].text == 1
  }
}
