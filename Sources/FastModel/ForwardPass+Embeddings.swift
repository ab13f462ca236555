internal import AlbertArchitecture

extension ForwardPass {
  /// Word, position and segment embeddings, summed, normalised and projected to the hidden width.
  func embed() throws(InputProblem) {
    let width = config.embeddingSize
    let words = unsafe model.weights[.wordEmbeddings]
    let positions = unsafe model.weights[.positionEmbeddings]
    let segments = unsafe model.weights[.tokenTypeEmbeddings]
    let embedded = unsafe workspace.embedded  // [tokens, E]
    for token in 0..<tokens.count {
      let place = tokens.place(token)
      let word = unsafe words + inputs.inputIDs[place] * width
      let position = unsafe positions + place % inputs.sequence * width
      let segment = unsafe segments + inputs.tokenTypeIDs[place] * width
      let row = unsafe embedded + token * width
      for feature in 0..<width {
        unsafe row[feature] = word[feature] + segment[feature] + position[feature]
      }
    }
    let norm = unsafe NormWeights(
      weight: model.weights[.embeddingLayerNormWeight],
      bias: model.weights[.embeddingLayerNormBias])
    unsafe model.kernels.layerNorm(
      embedded, norm, epsilon: config.layerNormEps, rows: tokens.count, columns: width)
    unsafe take(.embeddings, embedded, width: width)

    if config.embeddingProjectionIsIdentity {
      unsafe workspace.hidden.update(from: embedded, count: tokens.count * width)
    } else {
      unsafe try multiply(
        embedded, model.weights.layer(.projectionWeight, .projectionBias), into: workspace.hidden,
        rows: tokens.count, depth: width, outputs: config.hiddenSize)
    }
    unsafe take(.hiddenStates(0), workspace.hidden, width: config.hiddenSize)
  }
}
