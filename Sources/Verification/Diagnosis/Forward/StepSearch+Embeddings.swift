internal import Albert

extension StepSearch {
  /// Tables of which the recorded embeddings show other rows: positions by any offset, words by any
  /// offset or in any order.
  func embeddingRows() -> Explanation? {
    guard step.start == nil, let tokens = embeddedTokens(), tokens.count >= 3 else { return nil }
    return positionOffset(tokens) ?? wordRows(tokens)
  }

  /// A real token and what its recorded embedding is before the LayerNorm's weight and bias: mean 0
  /// and variance 1 over its features.
  private struct Embedded {
    let id: Int
    let position: Int
    let segment: Int
    let normalized: [Double]
  }

  /// The recorded embeddings, or the ones that a recorded projection of them goes back to.
  private func embeddedTokens() -> [Embedded]? {
    let inputs = recording.inputs
    guard let entry = recording[step.target] else { return nil }
    let width = trial.config.embeddingSize
    let unproject: (([Double]) -> [Double])?
    switch step.target {
    case .embeddings: unproject = nil
    case .hiddenStates(0):
      if trial.config.embeddingProjectionIsIdentity {
        unproject = nil
      } else {
        let weight = trial.values(of: Parameter(.projectionWeight))
        let bias = trial.values(of: Parameter(.projectionBias))
        let fit = LeastSquares(
          columns: (0..<width).map { column in
            stride(from: column, to: weight.count, by: width).map { weight[$0] }
          })
        unproject = { hidden in fit.solve(zip(hidden, bias).map { $0 - $1 }) }
      }
    default: return nil
    }
    let weight = trial.values(of: Parameter(.embeddingLayerNormWeight))
    let bias = trial.values(of: Parameter(.embeddingLayerNormBias))
    guard !weight.contains(0) else { return nil }
    let columns = entry.values.count / inputs.shape.count
    var tokens: [Embedded] = []
    for token in 0..<inputs.shape.count where !inputs.isPadding(token) {
      if tokens.count == 64 { break }
      let row = Array(entry.values[token * columns..<(token + 1) * columns])
      let embedded = unproject?(row) ?? row
      tokens.append(
        Embedded(
          id: inputs.inputIDs[token], position: token % inputs.sequence,
          segment: inputs.tokenTypeIDs[token],
          normalized: embedded.indices.map { (embedded[$0] - bias[$0]) / weight[$0] }))
    }
    return tokens
  }

  private func positionOffset(_ tokens: [Embedded]) -> Explanation? {
    let tables = Tables(trial)
    let most = trial.config.maxPositionEmbeddings
    guard let middle = tokens.dropFirst(tokens.count / 2).first,
      let row = (0..<most).first(where: { tables.matches(middle, position: $0) }),
      row != middle.position
    else { return nil }
    let offset = row - middle.position
    let inside = tokens.filter { (0..<most).contains($0.position + offset) }
    guard inside.count >= 3, inside.count * 2 >= tokens.count,
      inside.allSatisfy({ tables.matches($0, position: $0.position + offset) })
    else { return nil }
    let hypothesis = scope.positions(shiftedBy: offset)
    return accept([hypothesis])
  }

  private func wordRows(_ tokens: [Embedded]) -> Explanation? {
    let tables = Tables(trial)
    let vocabulary = trial.config.vocabSize
    // Each distinct word is looked for among all rows.
    let distinct = Set(tokens.map(\.id)).count
    guard Double(distinct) * Double(vocabulary * trial.config.embeddingSize) < 1e9 else {
      return nil
    }
    var rows: [Int: Int] = [:]
    for token in tokens where rows[token.id] == nil {
      guard let row = (0..<vocabulary).first(where: { tables.matches(token, word: $0) }) else {
        return nil
      }
      rows[token.id] = row
    }
    guard tokens.allSatisfy({ tables.matches($0, word: rows[$0.id] ?? 0) }) else { return nil }
    let offsets = Set(rows.map { $1 - $0 })
    guard offsets != [0] else { return nil }
    let table = Parameter(.wordEmbeddings)
    let offset = offsets.count == 1 ? offsets.first : nil
    let how = offset.map { "shifted by \($0) rows" } ?? "in another order"
    let order = (0..<vocabulary).map { row in
      offset.map { (row + $0 + vocabulary) % vocabulary } ?? rows[row] ?? row
    }
    return accept([
      Hypothesis(
        .vocabularyRows, [table], "the golden file was computed with \(table.role.words) \(how)"
      ) { trial in
        trial.separateDecoder(from: .wordEmbeddings)
        trial.permuteRows(table, order)
      }
    ])
  }

  /// The three tables whose rows are summed up.
  private struct Tables {
    let width: Int
    let words: [Double]
    let positions: [Double]
    let segments: [Double]

    init(_ trial: Trial) {
      width = trial.config.embeddingSize
      words = trial.values(of: Parameter(.wordEmbeddings))
      positions = trial.values(of: Parameter(.positionEmbeddings))
      segments = trial.values(of: Parameter(.tokenTypeEmbeddings))
    }

    /// Whether the sum of a token's rows, some of them others, is what was recorded but for its
    /// mean and its size: whether the two correlate fully.
    func matches(_ token: Embedded, word: Int? = nil, position: Int? = nil) -> Bool {
      let from = [
        (word ?? token.id) * width, (position ?? token.position) * width, token.segment * width,
      ]
      var (sum, squares, product, norm) = (0.0, 0.0, 0.0, 0.0)
      for feature in 0..<width {
        let value =
          words[from[0] + feature] + positions[from[1] + feature] + segments[from[2] + feature]
        let recorded = token.normalized[feature]
        sum += value
        squares += value * value
        product += value * recorded
        norm += recorded * recorded
      }
      let variance = squares - sum * sum / Double(width)
      guard variance > 0, norm > 0 else { return false }
      // The recorded features have mean 0.
      return product / (variance * norm).squareRoot() > 1 - 1e-5
    }
  }
}
