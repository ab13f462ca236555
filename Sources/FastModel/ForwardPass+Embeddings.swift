internal import AlbertArchitecture

extension ForwardPass {
  /// Word, position and segment embeddings, summed, normalised and projected to the hidden width.
  func embed() throws(InputProblem) {
    let width = config.embeddingSize
    let words = unsafe model.weights[.wordEmbeddings]
    let places = unsafe model.weights[.positionEmbeddings]
    let segments = unsafe model.weights[.tokenTypeEmbeddings]
    let embedded = unsafe workspace.embedded  // [tokens, E]
    for token in 0..<tokens {
      let word = unsafe words + inputs.inputIDs[token] * width
      let place = unsafe places + token % inputs.sequence * width
      let segment = unsafe segments + inputs.tokenTypeIDs[token] * width
      let row = unsafe embedded + token * width
      for feature in 0..<width {
        unsafe row[feature] = word[feature] + segment[feature] + place[feature]
      }
    }
    let norm = unsafe NormWeights(
      weight: model.weights[.embeddingLayerNormWeight],
      bias: model.weights[.embeddingLayerNormBias])
    unsafe model.kernels.layerNorm(
      embedded, norm, epsilon: config.layerNormEps, rows: tokens, columns: width)
    unsafe take(.embeddings, embedded)

    if config.embeddingProjectionIsIdentity {
      unsafe workspace.hidden.update(from: embedded, count: tokens * width)
    } else {
      let layer = unsafe LinearWeights(
        weight: model.weights[.projectionWeight], bias: model.weights[.projectionBias])
      let h = config.hiddenSize
      unsafe try multiply(
        embedded, layer, into: workspace.hidden, rows: tokens, depth: width, outputs: h)
      unsafe model.kernels.addBias(layer.bias, to: workspace.hidden, rows: tokens, columns: h)
    }
    unsafe take(.hiddenStates(0), workspace.hidden)
  }
}
