internal import Albert

extension StepSearch {
  /// Logits that no state in front of the subject's decoder can give, so that another matrix must
  /// have made them.
  ///
  /// Whatever the model computes, its logits less the vocabulary bias are combinations of the
  /// decoder's columns. What lies outside of them, the same bias for every token left out, is the
  /// work of another decoder.
  func untiedDecoder() -> Explanation? {
    guard step.target == .predictionLogits, let entry = recording[.predictionLogits],
      let tokens = wrongTokens(entry), tokens.rows.count >= 4
    else { return nil }
    let width = trial.config.embeddingSize
    let vocabulary = trial.config.vocabSize
    // Words that are looked at: some more than there are columns.
    let count = min(vocabulary, 3 * width + 64)
    guard count >= 2 * width else { return nil }
    let words = (0..<count).map { $0 * vocabulary / count }
    let decoder = trial.values(
      of: Parameter(trial.contents.untiedDecoder ? .mlmDecoderWeight : .wordEmbeddings))
    let fit = LeastSquares(
      columns: (0..<width).map { column in words.map { decoder[$0 * width + column] } })
    let picked = tokens.rows.prefix(48).map { row in words.map { row[$0] } }
    let mean = words.indices.map { word in
      picked.reduce(0) { $0 + $1[word] } / Double(picked.count)
    }
    var (outside, all) = (0.0, 0.0)
    for row in picked {
      let centred = zip(row, mean).map { $0 - $1 }
      all += centred.reduce(0) { $0 + $1 * $1 }
      outside += fit.remainder(centred).reduce(0) { $0 + $1 * $1 }
    }
    // Rounding stays below; an error in front of the decoder leaves nothing outside.
    let allowed = allowed(.reference) * Double(picked.count * count).squareRoot()
    let isLinear = isLinear(tokens, words)
    // Where the tokens are too few to see that the logits come from a matrix at all, only a large
    // difference is no accident of rounding.
    let least = isLinear == nil ? 0.05 : 0.005
    guard isLinear != false, all > 0, outside.squareRoot() > 20 * allowed,
      outside.squareRoot() > least * all.squareRoot()
    else { return nil }
    let weight = Parameter(.mlmDecoderWeight)
    let hypothesis = Hypothesis(
      .untiedDecoder, [weight], other: Parameter(.wordEmbeddings),
      "the golden file's logits come from another decoder than "
        + (trial.contents.untiedDecoder
          ? "the subject's" : "the word embeddings, to which the subject ties it")
    ) { _ in }
    return Explanation(
      parts: [Explanation.Part(hypothesis: hypothesis, share: (outside / all).squareRoot())],
      trial: trial, endsStep: true)
  }

  /// The recorded logits of real tokens less the bias, where nearly every token is wrong.
  private func wrongTokens(_ entry: Recording.Entry) -> (rows: [[Double]], states: [[Double]])? {
    guard let before, before.failing(limit).count == before.rows.count else {
      return nil
    }
    let vocabulary = trial.config.vocabSize
    let bias = trial.values(of: Parameter(.mlmBias))
    let sequences = Array(0..<recording.inputs.sequences)
    let states = transformed(sequences) ?? []
    let width = trial.config.embeddingSize
    var rows: [[Double]] = []
    var known: [[Double]] = []
    for token in 0..<recording.inputs.shape.count where !recording.inputs.isPadding(token) {
      if rows.count == 4 * width { break }
      let logits = entry.values[token * vocabulary..<(token + 1) * vocabulary]
      rows.append(zip(logits, bias).map { $0 - $1 })
      if states.count >= (token + 1) * width {
        known.append(Array(states[token * width..<(token + 1) * width]))
      }
    }
    return (rows, known)
  }

  /// The state in front of the decoder: the logits of a decoder that hands it through.
  private func transformed(_ sequences: [Int]) -> [Double]? {
    let width = trial.config.embeddingSize
    var handing = trial
    handing.contents.untiedDecoder = true
    handing.config.vocabSize = width
    handing.set(
      Parameter(.mlmDecoderWeight),
      (0..<width * width).map { $0 / width == $0 % width ? 1 : 0 })
    handing.set(Parameter(.mlmBias), [Double](repeating: 0, count: width))
    // The ids do not matter behind a hidden state, but have to fit the vocabulary.
    handing.reading.idOffset = -trial.config.vocabSize
    guard let start = step.start else { return nil }
    return runner.values(handing, .predictionLogits, from: start, sequences)?.values
  }

  /// Whether the logits are a linear function of the state in front of the decoder; nil where the
  /// tokens are too few to tell, or the state is not known.
  private func isLinear(
    _ tokens: (rows: [[Double]], states: [[Double]]), _ words: [Int]
  ) -> Bool? {
    let width = trial.config.embeddingSize
    guard tokens.states.count == tokens.rows.count, tokens.rows.count >= width + 8 else {
      return nil
    }
    let ones = [Double](repeating: 1, count: tokens.rows.count)
    let fit = LeastSquares(
      columns: (0..<width).map { column in tokens.states.map { $0[column] } } + [ones])
    let some = words.prefix(64)
    var (rest, all) = (0.0, 0.0)
    for word in some {
      let column = tokens.rows.map { $0[word] }
      all += column.reduce(0) { $0 + $1 * $1 }
      rest += fit.remainder(column).reduce(0) { $0 + $1 * $1 }
    }
    return rest.squareRoot() <= 1e-3 * all.squareRoot()
  }
}
