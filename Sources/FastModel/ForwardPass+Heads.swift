internal import AlbertArchitecture
internal import AlbertTensors

extension ForwardPass {
  /// What stands on the last hidden state, as far as it is wanted.
  func computeHeads() throws(InputProblem) {
    unsafe take(.lastHiddenState, workspace.hidden, width: config.hiddenSize)
    if contents.mlm && wanted.contains(.predictionLogits) { try predictTokens() }
    if contents.pooler && !wanted.isDisjoint(with: [.poolerOutput, .sopLogits, .logits]) {
      try pool()
    }

    switch contents.taskHead {
    case .tokenClassification: try classifyTokens()
    case .questionAnswering: try answer()
    case .sequenceClassification, .multipleChoice, nil: break
    }
  }

  /// The masked-LM head: back to the embedding width, and against every word's embedding.
  private func predictTokens() throws(InputProblem) {
    let v = config.vocabSize
    guard let scored = options.scored else {
      unsafe try transform(workspace.hidden, rows: tokens.count)
      let runs = tokens.runs
      return unsafe try take(.predictionLogits, zeroed: tokens.arePacked) {
        (logits) throws(InputProblem) in  // [sequences, s, V]
        for run in runs {
          unsafe try score(run.first, into: logits + run.place * v, rows: run.count)
        }
      }
    }
    let h = config.hiddenSize
    let chosen = scored.compactMap(tokens.token)
    for (row, token) in chosen.enumerated() {
      unsafe (workspace.context + row * h).update(from: workspace.hidden + token * h, count: h)
    }
    unsafe try transform(workspace.context, rows: chosen.count)
    unsafe try take(.predictionLogits, Shape([chosen.count, v])) { (logits) throws(InputProblem) in
      unsafe try score(0, into: logits, rows: chosen.count)
    }
  }

  /// The head's own layer over rows of hidden states, into `embedded`.
  private func transform(_ x: UnsafePointer<Float>, rows: Int) throws(InputProblem) {
    let e = config.embeddingSize
    let norm = unsafe NormWeights(
      weight: model.weights[.mlmLayerNormWeight], bias: model.weights[.mlmLayerNormBias])
    unsafe try multiply(
      x, model.weights.layer(.mlmDenseWeight, .mlmDenseBias), config.hiddenAct,
      into: workspace.embedded, rows: rows, depth: config.hiddenSize, outputs: e)
    unsafe model.kernels.layerNorm(
      workspace.embedded, norm, epsilon: config.mlmLayerNormEps, rows: rows, columns: e)
  }

  /// The words' scores of transformed tokens.
  private func score(
    _ first: Int, into logits: UnsafeMutablePointer<Float>, rows: Int
  ) throws(InputProblem) {
    let e = config.embeddingSize
    let decoder = model.weights.layer(
      contents.untiedDecoder ? .mlmDecoderWeight : .wordEmbeddings, .mlmBias)
    unsafe try multiply(
      workspace.embedded + first * e, decoder, into: logits, rows: rows, depth: e,
      outputs: config.vocabSize)
  }

  /// The pooler over each sequence's first token, and the heads that stand on it.
  private func pool() throws(InputProblem) {
    let h = config.hiddenSize
    let firsts = unsafe workspace.context  // [sequences, H]
    for sequence in 0..<tokens.sequences {
      unsafe (firsts + sequence * h).update(
        from: workspace.hidden + tokens.starts[sequence] * h, count: h)
    }
    unsafe try multiply(
      firsts, model.weights.layer(.poolerWeight, .poolerBias), .tanh, into: workspace.pooled,
      rows: tokens.sequences, depth: h, outputs: h)
    unsafe take(.poolerOutput, workspace.pooled)
    if contents.sop { try classifySequences(.sopLogits, .sopWeight, .sopBias, labels: 2) }
    if contents.taskHead?.usesPooler == true {
      try classifySequences(
        .logits, .classifierWeight, .classifierBias, labels: config.numLabels)
    }
  }

  /// The classes' scores of each sequence or choice.
  private func classifySequences(
    _ stage: Stage, _ weight: ParameterRole, _ bias: ParameterRole, labels: Int
  ) throws(InputProblem) {
    unsafe try take(stage) { (logits) throws(InputProblem) in  // [sequences, labels]
      unsafe try multiply(
        workspace.pooled, model.weights.layer(weight, bias), into: logits, rows: tokens.sequences,
        depth: config.hiddenSize, outputs: labels)
    }
  }

  /// The classes' scores of each token.
  private func classifyTokens() throws(InputProblem) {
    guard wanted.contains(.logits) else { return }
    let layer = model.weights.layer(.classifierWeight, .classifierBias)
    let runs = tokens.runs
    unsafe try take(.logits, zeroed: tokens.arePacked) { (logits) throws(InputProblem) in
      for run in runs {
        unsafe try multiply(
          workspace.hidden + run.first * config.hiddenSize, layer,
          into: logits + run.place * config.numLabels, rows: run.count, depth: config.hiddenSize,
          outputs: config.numLabels)
      }
    }
  }

  /// The scores of each token as the answer's start and as its end.
  private func answer() throws(InputProblem) {
    guard wanted.contains(.startLogits) || wanted.contains(.endLogits) else { return }
    // The attention's place is free by now, and has room for two scores of each token.
    let both = unsafe workspace.wide  // [tokens, 2]
    unsafe try multiply(
      workspace.hidden, model.weights.layer(.qaOutputsWeight, .qaOutputsBias), into: both,
      rows: tokens.count, depth: config.hiddenSize, outputs: 2)
    for (stage, offset) in [(Stage.startLogits, 0), (.endLogits, 1)] {
      unsafe try take(stage, zeroed: tokens.arePacked) { (target) throws(InputProblem) in
        for token in 0..<tokens.count {
          unsafe target[tokens.place(token)] = both[2 * token + offset]
        }
      }
    }
  }
}
