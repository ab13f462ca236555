internal import AlbertArchitecture
internal import CAlbertKernels

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
      hidden, block.queryKeyValue, into: wide, rows: tokens.count, depth: h, outputs: 3 * h)
    try attend(block, attentions)
    unsafe try multiply(
      workspace.context, block.attentionOutput, into: attended, rows: tokens.count, depth: h,
      outputs: h)
    unsafe model.kernels.layerNorm(
      attended, residual: hidden, block.attentionNorm, epsilon: config.layerNormEps,
      rows: tokens.count, columns: h)

    // [tokens, FFN]
    unsafe try multiply(
      attended, block.ffn, config.hiddenAct, into: wide, rows: tokens.count, depth: h, outputs: f)
    unsafe try multiply(
      wide, block.ffnOutput, into: hidden, rows: tokens.count, depth: f, outputs: h)
    unsafe model.kernels.layerNorm(
      hidden, residual: attended, block.fullNorm, epsilon: config.layerNormEps, rows: tokens.count,
      columns: h)
  }

  /// softmax(Q Kᵀ / √d + mask) V for every sequence and head, from `wide` to `context`.
  private func attend(_ block: BlockWeights, _ stage: Stage) throws(InputProblem) {
    guard wanted.contains(stage) else { return unsafe try attend(block, keeping: nil) }
    unsafe try take(stage) { (target) throws(InputProblem) in
      unsafe try attend(block, keeping: target)
    }
  }

  /// The same; probabilities go to `kept`, [sequences, heads, s, s], where all tokens are computed.
  private func attend(
    _ block: BlockWeights, keeping kept: UnsafeMutablePointer<Float>?
  ) throws(InputProblem) {
    let heads = config.numAttentionHeads
    if case .inPlace(_, let blas) = block.queryKeyValue.matrix {
      for index in 0..<tokens.sequences * heads {
        try observer.check()
        unsafe attend(head(index, keeping: kept), blas)
      }
      return
    }
    model.kernels.share(tokens.sequences * heads) { index, worker in
      if observer.isCancelled { return }
      var attention = unsafe head(index, keeping: kept)
      unsafe attention.memory += worker * workspace.extent.attention
      unsafe model.kernels.attend(attention)
    }
    try observer.check()
  }

  /// One head of one sequence.
  private func head(
    _ index: Int, keeping kept: UnsafeMutablePointer<Float>?
  ) -> albertkit_attention {
    let (sequence, head) = index.quotientAndRemainder(dividingBy: config.numAttentionHeads)
    let h = config.hiddenSize
    let d = config.headSize
    let first = tokens.starts[sequence]
    let count = tokens.starts[sequence + 1] - first
    let query = unsafe workspace.wide + first * 3 * h + head * d
    return unsafe albertkit_attention(
      query: query, key: query + h, value: query + 2 * h, stride: 3 * h,
      mask: workspace.mask + first, context: workspace.context + first * h + head * d,
      context_stride: h, tokens: count, size: d, scale: 1 / Float(d).squareRoot(),
      probabilities: kept.map { unsafe $0 + index * count * count }, memory: workspace.attention)
  }

  /// The same as the kernel does, with a library's products.
  private func attend(_ a: albertkit_attention, _ blas: BLAS) {
    let scores = unsafe a.probabilities ?? a.memory  // [s, s]
    unsafe blas.multiply(
      a.query, stride: a.stride, a.key, stride: a.stride, into: scores, stride: a.tokens,
      rows: a.tokens, depth: a.size, outputs: a.tokens, scale: a.scale)
    unsafe model.kernels.softmax(scores, mask: a.mask, rows: a.tokens, columns: a.tokens)
    unsafe blas.multiply(
      scores, stride: a.tokens, a.value, stride: a.stride, isTransposed: false, into: a.context,
      stride: a.context_stride, rows: a.tokens, depth: a.tokens, outputs: a.size)
  }
}
