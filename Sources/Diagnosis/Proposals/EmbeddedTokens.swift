internal import AlbertArchitecture

/// What recorded embeddings show of the rows that they were summed up from.
struct EmbeddedTokens {
  /// A real token and what its recorded embedding is before the LayerNorm's weight and bias: mean 0
  /// and variance 1 over its features.
  struct Token {
    let id: Int
    let position: Int
    let segment: Int
    let normalized: [Double]
  }

  let tokens: [Token]
  private let width: Int
  private let words: [Double]
  private let positions: [Double]
  private let segments: [Double]

  /// The recorded embeddings, or the ones that a recorded projection of them goes back to; nil where
  /// a step does not end there, or the tokens are too few.
  init?(_ question: StepQuestion, _ golden: GoldenOutputs) {
    let (model, step) = (question.model, question.step)
    guard step.start == nil, step.target == .embeddings || step.target == .hiddenStates(0),
      let entry = golden[step.target]
    else { return nil }
    func values(_ role: ParameterRole) -> [Double] { model.values(of: Parameter(role)) }
    let (weight, bias) = (values(.embeddingLayerNormWeight), values(.embeddingLayerNormBias))
    guard !weight.contains(0) else { return nil }
    width = model.config.embeddingSize
    let isProjected = step.target != .embeddings && !model.config.embeddingProjectionIsIdentity
    let unproject = isProjected ? Self.unprojection(model) : { $0 }
    let inputs = golden.inputs
    let columns = entry.values.count / inputs.shape.count
    tokens = inputs.realTokens.prefix(Policy.embeddedTokens).map { token in
      let row = unproject(Array(entry.values[token * columns..<(token + 1) * columns]))
      return Token(
        id: inputs.inputIDs[token], position: token % inputs.sequence,
        segment: inputs.tokenTypeIDs[token],
        normalized: row.indices.map { (row[$0] - bias[$0]) / weight[$0] })
    }
    guard tokens.count >= Policy.fewestEmbedded else { return nil }
    words = values(.wordEmbeddings)
    positions = values(.positionEmbeddings)
    segments = values(.tokenTypeEmbeddings)
  }

  private static func unprojection(_ model: EditedModel) -> ([Double]) -> [Double] {
    let width = model.config.embeddingSize
    let weight = model.values(of: Parameter(.projectionWeight))
    let bias = model.values(of: Parameter(.projectionBias))
    let fit = LeastSquares(
      columns: (0..<width).map { column in
        stride(from: column, to: weight.count, by: width).map { weight[$0] }
      })
    return { hidden in fit.solve(zip(hidden, bias).map { $0 - $1 }) }
  }

  /// Whether the sum of a token's rows, some of them others, is what was recorded but for its mean
  /// and its size: whether the two correlate fully.
  func matches(_ token: Token, word: Int? = nil, position: Int? = nil) -> Bool {
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
    return product / (variance * norm).squareRoot() > 1 - Policy.embeddingSlack
  }
}
