internal import AlbertArchitecture

extension ReferenceModel {
  /// What stands on the last hidden state, as far as it is wanted.
  func heads(
    _ hidden: Matrix, _ inputs: ModelInputs, _ computation: Computation, _ sink: StageSink
  ) throws(InputProblem) {
    let contents = store.contents
    sink.take(.lastHiddenState, hidden)

    if contents.mlm { try maskedLM(hidden, computation, sink) }
    if contents.pooler, [.poolerOutput, .sopLogits, .logits].contains(where: sink.wants) {
      let pooled = try computation.apply(  // [sequences, H]
        { Activation.tanh($0) },
        to: computation.linear(
          hidden.everyRow(inputs.sequence), Parameter(.poolerWeight), Parameter(.poolerBias),
          outputs: config.hiddenSize))
      sink.take(.poolerOutput, pooled)
      if contents.sop { try sentenceOrder(pooled, computation, sink) }
      if contents.taskHead?.usesPooler == true { try classify(pooled, computation, sink) }
    }
    switch contents.taskHead {
    case .tokenClassification: try classify(hidden, computation, sink)
    case .questionAnswering: try answer(hidden, computation, sink)
    case .sequenceClassification, .multipleChoice, nil: break
    }
  }

  /// A guess of every token: back to the embedding width, and against every word's embedding.
  private func maskedLM(
    _ hidden: Matrix, _ computation: Computation, _ sink: StageSink
  ) throws(InputProblem) {
    guard sink.wants(.predictionLogits) else { return }
    let activation = config.hiddenAct
    let transformed = try computation.layerNorm(  // [tokens, E]
      computation.apply(
        { activation($0) },
        to: computation.linear(
          hidden, Parameter(.mlmDenseWeight), Parameter(.mlmDenseBias),
          outputs: config.embeddingSize)),
      Parameter(.mlmLayerNormWeight), Parameter(.mlmLayerNormBias), epsilon: config.mlmLayerNormEps)
    let decoder: ParameterRole = store.contents.untiedDecoder ? .mlmDecoderWeight : .wordEmbeddings
    try sink.take(  // [tokens, V]
      .predictionLogits,
      computation.linear(
        transformed, Parameter(decoder), Parameter(.mlmBias), outputs: config.vocabSize))
  }

  /// The scores of two segments being in order, and swapped.
  private func sentenceOrder(
    _ pooled: Matrix, _ computation: Computation, _ sink: StageSink
  ) throws(InputProblem) {
    guard sink.wants(.sopLogits) else { return }
    try sink.take(  // [sequences, 2]
      .sopLogits,
      computation.linear(pooled, Parameter(.sopWeight), Parameter(.sopBias), outputs: 2))
  }

  /// The classes' scores of each row: a sequence, a choice or a token.
  private func classify(
    _ rows: Matrix, _ computation: Computation, _ sink: StageSink
  ) throws(InputProblem) {
    guard sink.wants(.logits) else { return }
    try sink.take(  // [rows, labels]
      .logits,
      computation.linear(
        rows, Parameter(.classifierWeight), Parameter(.classifierBias), outputs: config.numLabels))
  }

  /// The scores of each token as the answer's start and as its end.
  private func answer(
    _ hidden: Matrix, _ computation: Computation, _ sink: StageSink
  ) throws(InputProblem) {
    guard sink.wants(.startLogits) || sink.wants(.endLogits) else { return }
    let both = try computation.linear(  // [tokens, 2]
      hidden, Parameter(.qaOutputsWeight), Parameter(.qaOutputsBias), outputs: 2)
    sink.take(.startLogits, stride(from: 0, to: both.values.count, by: 2).map { both.values[$0] })
    sink.take(.endLogits, stride(from: 1, to: both.values.count, by: 2).map { both.values[$0] })
  }
}
