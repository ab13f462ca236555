internal import AlbertArchitecture

extension ReferenceModel {
  /// One inner layer: attention and feed-forward, each added to its input and normalised.
  func apply(
    _ block: Block, to hidden: Matrix, _ inputs: ModelInputs, _ computation: Computation,
    _ sink: StageSink, attentions: Stage
  ) throws(InputProblem) -> Matrix {
    let h = config.hiddenSize
    let query = try computation.linear(hidden, block[.queryWeight], block[.queryBias], outputs: h)
    let key = try computation.linear(hidden, block[.keyWeight], block[.keyBias], outputs: h)
    let value = try computation.linear(hidden, block[.valueWeight], block[.valueBias], outputs: h)
    let context = try attention(  // [tokens, H]
      query: query, key: key, value: value, inputs, computation, sink, stage: attentions)
    let attended = try computation.layerNorm(  // [tokens, H]
      hidden
        + computation.linear(
          context, block[.attentionOutputWeight], block[.attentionOutputBias], outputs: h),
      block[.attentionLayerNormWeight], block[.attentionLayerNormBias],
      epsilon: config.layerNormEps)

    let activation = config.hiddenAct
    let inner = try computation.apply(  // [tokens, FFN]
      { activation($0) },
      to: computation.linear(
        attended, block[.ffnWeight], block[.ffnBias], outputs: config.intermediateSize))
    return try computation.layerNorm(  // [tokens, H]
      attended
        + computation.linear(inner, block[.ffnOutputWeight], block[.ffnOutputBias], outputs: h),
      block[.fullLayerNormWeight], block[.fullLayerNormBias], epsilon: config.layerNormEps)
  }

  /// softmax(Q Kᵀ / √d + mask) V for every sequence and head.
  private func attention(
    query: Matrix, key: Matrix, value: Matrix, _ inputs: ModelInputs,
    _ computation: Computation, _ sink: StageSink, stage: Stage
  ) throws(InputProblem) -> Matrix {
    let s = inputs.sequence
    let heads = config.numAttentionHeads
    let d = config.headSize
    let mask = inputs.attentionMask.map { $0 == 0 ? masking.padding : masking.tokens }
    let keep = sink.wants(stage)

    let results = try computation.map(inputs.sequences * heads) { index in
      let (sequence, head) = index.quotientAndRemainder(dividingBy: heads)
      let tokens = sequence * s..<(sequence + 1) * s
      let features = head * d..<(head + 1) * d
      // [s, s]
      var weights = computation.product(query[tokens, features], key[tokens, features])
      for token in 0..<s {
        for other in 0..<s {
          let treatment = mask[tokens.lowerBound + other]
          weights[token, other] =
            weights[token, other] / Double(d).squareRoot() * treatment.factor + treatment.addend
        }
        weights.softmax(row: token)
        for other in 0..<s { weights[token, other] *= mask[tokens.lowerBound + other].factorBehind }
      }
      computation.disturbance?.elements(&weights, operations: Double(s) / 6 + 2)
      // [s, d]
      let context = computation.product(weights, value[tokens, features].transposed)
      return (tokens: tokens, features: features, context: context, weights: keep ? weights : nil)
    }

    var context = Matrix(rows: query.rows, columns: query.columns)  // [tokens, H]
    for result in results { context[result.tokens, result.features] = result.context }
    if keep {
      sink.take(stage, results.flatMap { $0.weights?.values ?? [] })  // [sequences, heads, s, s]
    }
    return context
  }
}
