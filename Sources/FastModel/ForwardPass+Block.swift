internal import AlbertArchitecture

extension ForwardPass {
  /// One inner layer, from `hidden` to `hidden`: attention and feed-forward, each added to its input
  /// and normalised.
  func apply(_ block: BlockWeights, attentions: Stage) throws(InputProblem) {
    let h = config.hiddenSize
    let f = config.intermediateSize
    let hidden = unsafe workspace.hidden  // [tokens, H]
    let attended = unsafe workspace.attended  // [tokens, H]
    let wide = unsafe workspace.wide

    // [tokens, 3 H]
    unsafe try multiply(
      hidden, block.queryKeyValue, into: wide, rows: tokens, depth: h, outputs: 3 * h)
    unsafe model.kernels.addBias(block.queryKeyValue.bias, to: wide, rows: tokens, columns: 3 * h)
    try attend(attentions)
    unsafe try multiply(
      workspace.context, block.attentionOutput, into: attended, rows: tokens, depth: h, outputs: h)
    unsafe model.kernels.layerNorm(
      attended, bias: block.attentionOutput.bias, residual: hidden, block.attentionNorm,
      epsilon: config.layerNormEps, rows: tokens, columns: h)

    // [tokens, FFN]
    unsafe try multiply(attended, block.ffn, into: wide, rows: tokens, depth: h, outputs: f)
    unsafe model.kernels.activate(
      config.hiddenAct, wide, bias: block.ffn.bias, rows: tokens, columns: f)
    unsafe try multiply(wide, block.ffnOutput, into: hidden, rows: tokens, depth: f, outputs: h)
    unsafe model.kernels.layerNorm(
      hidden, bias: block.ffnOutput.bias, residual: attended, block.fullNorm,
      epsilon: config.layerNormEps, rows: tokens, columns: h)
  }

  /// softmax(Q Kᵀ / √d + mask) V for every sequence and head, from `wide` to `context`.
  private func attend(_ stage: Stage) throws(InputProblem) {
    let s = inputs.sequence
    let h = config.hiddenSize
    let heads = config.numAttentionHeads
    let d = config.headSize
    let scale = 1 / Float(d).squareRoot()
    var kept: [Float] = []
    for sequence in 0..<inputs.sequences {
      try observer.check()
      let qkv = unsafe workspace.wide + sequence * s * 3 * h
      let scores = unsafe workspace.scores  // [heads, s, s]
      for head in 0..<heads {
        let query = unsafe qkv + head * d
        unsafe model.blas.multiply(
          query, stride: 3 * h, query + h, stride: 3 * h, into: scores + head * s * s, stride: s,
          rows: s, depth: d, outputs: s, scale: scale)
      }
      unsafe model.kernels.softmax(
        scores, mask: workspace.mask + sequence * s, rows: heads * s, columns: s)
      if wanted.contains(stage) {
        unsafe kept += UnsafeBufferPointer(start: scores, count: heads * s * s)
      }
      for head in 0..<heads {
        unsafe model.blas.multiply(
          scores + head * s * s, stride: s, qkv + 2 * h + head * d, stride: 3 * h,
          isTransposed: false, into: workspace.context + sequence * s * h + head * d, stride: h,
          rows: s, depth: s, outputs: d)
      }
    }
    if wanted.contains(stage) {
      emit(
        StageOutput(stage: stage, shape: stage.shape(config, contents, inputs), values: kept))
    }
  }
}
