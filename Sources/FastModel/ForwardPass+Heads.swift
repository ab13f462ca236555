internal import AlbertArchitecture

extension ForwardPass {
  /// What stands on the last hidden state, as far as it is wanted.
  func computeHeads() throws(InputProblem) {
    unsafe take(.lastHiddenState, workspace.hidden)
    if contents.mlm && wanted.contains(.predictionLogits) { try predictTokens() }
    if contents.pooler && !wanted.isDisjoint(with: [.poolerOutput, .sopLogits, .logits]) {
      try pool()
    }

    switch contents.taskHead {
    case .tokenClassification:
      unsafe try classify(workspace.hidden, .classifierWeight, .classifierBias, rows: tokens)
    case .questionAnswering: try answer()
    case .sequenceClassification, .multipleChoice, nil: break
    }
  }

  /// The masked-LM head: back to the embedding width, and against every word's embedding.
  private func predictTokens() throws(InputProblem) {
    let e = config.embeddingSize
    let v = config.vocabSize
    let dense = unsafe LinearWeights(
      weight: model.weights[.mlmDenseWeight], bias: model.weights[.mlmDenseBias])
    let norm = unsafe NormWeights(
      weight: model.weights[.mlmLayerNormWeight], bias: model.weights[.mlmLayerNormBias])
    let decoder = unsafe LinearWeights(
      weight: model.weights[contents.untiedDecoder ? .mlmDecoderWeight : .wordEmbeddings],
      bias: model.weights[.mlmBias])
    let transformed = unsafe workspace.embedded  // [tokens, E]
    unsafe try multiply(
      workspace.hidden, dense, into: transformed, rows: tokens, depth: config.hiddenSize,
      outputs: e)
    unsafe model.kernels.activate(
      config.hiddenAct, transformed, bias: dense.bias, rows: tokens, columns: e)
    unsafe model.kernels.layerNorm(
      transformed, norm, epsilon: config.mlmLayerNormEps, rows: tokens, columns: e)
    unsafe try take(.predictionLogits) { (logits) throws(InputProblem) in  // [tokens, V]
      unsafe try multiply(transformed, decoder, into: logits, rows: tokens, depth: e, outputs: v)
      unsafe model.kernels.addBias(decoder.bias, to: logits, rows: tokens, columns: v)
    }
  }

  /// The pooler over each sequence's first token, and the heads that stand on it.
  private func pool() throws(InputProblem) {
    let h = config.hiddenSize
    let layer = unsafe LinearWeights(
      weight: model.weights[.poolerWeight], bias: model.weights[.poolerBias])
    let pooled = unsafe workspace.pooled  // [sequences, H]
    // First tokens lie a sequence apart.
    unsafe model.blas.multiply(
      workspace.hidden, stride: inputs.sequence * h, layer.weight, stride: h, into: pooled,
      stride: h, rows: inputs.sequences, depth: h, outputs: h)
    unsafe model.kernels.activate(
      .tanh, pooled, bias: layer.bias, rows: inputs.sequences, columns: h)
    unsafe take(.poolerOutput, pooled)
    if contents.sop {
      unsafe try take(.sopLogits) { (logits) throws(InputProblem) in  // [sequences, 2]
        unsafe try scores(
          pooled, .sopWeight, .sopBias, rows: inputs.sequences, into: logits, labels: 2)
      }
    }
    if contents.taskHead?.usesPooler == true {
      unsafe try classify(pooled, .classifierWeight, .classifierBias, rows: inputs.sequences)
    }
  }

  /// The classes' scores of each row: a sequence, a choice or a token.
  private func classify(
    _ x: UnsafePointer<Float>, _ weight: ParameterRole, _ bias: ParameterRole, rows: Int
  ) throws(InputProblem) {
    unsafe try take(.logits) { (logits) throws(InputProblem) in  // [rows, labels]
      unsafe try scores(x, weight, bias, rows: rows, into: logits, labels: config.numLabels)
    }
  }

  /// The scores of each token as the answer's start and as its end.
  private func answer() throws(InputProblem) {
    guard wanted.contains(.startLogits) || wanted.contains(.endLogits) else { return }
    // The attention's place is free by now, and has room for two scores of each token.
    let both = unsafe workspace.wide  // [tokens, 2]
    unsafe try scores(
      workspace.hidden, .qaOutputsWeight, .qaOutputsBias, rows: tokens, into: both, labels: 2)
    for (stage, offset) in [(Stage.startLogits, 0), (.endLogits, 1)] {
      unsafe try take(stage) { (target) throws(InputProblem) in
        for token in 0..<tokens { unsafe target[token] = both[2 * token + offset] }
      }
    }
  }

  private func scores(
    _ x: UnsafePointer<Float>, _ weight: ParameterRole, _ bias: ParameterRole, rows: Int,
    into y: UnsafeMutablePointer<Float>, labels: Int
  ) throws(InputProblem) {
    let layer = unsafe LinearWeights(weight: model.weights[weight], bias: model.weights[bias])
    unsafe try multiply(x, layer, into: y, rows: rows, depth: config.hiddenSize, outputs: labels)
    unsafe model.kernels.addBias(layer.bias, to: y, rows: rows, columns: labels)
  }
}
