internal import AlbertArchitecture

extension ReferenceModel {
  /// Word, position and segment embeddings, summed, normalised and projected to the hidden width.
  func embeddings(
    _ inputs: ModelInputs, _ computation: Computation, _ sink: StageSink
  ) throws(InputProblem) -> Matrix {
    let width = config.embeddingSize
    let positions = (0..<inputs.sequences).flatMap { _ in 0..<inputs.sequence }

    let words = computation.rows(Parameter(.wordEmbeddings), inputs.inputIDs, width: width)
    let segments = computation.rows(
      Parameter(.tokenTypeEmbeddings), inputs.tokenTypeIDs, width: width)
    let places = computation.rows(Parameter(.positionEmbeddings), positions, width: width)
    let embedded = computation.layerNorm(  // [tokens, E]
      words + segments + places, Parameter(.embeddingLayerNormWeight),
      Parameter(.embeddingLayerNormBias), epsilon: config.layerNormEps)
    sink.take(.embeddings, embedded)

    let hidden =  // [tokens, H]
      config.embeddingProjectionIsIdentity
      ? embedded
      : try computation.linear(
        embedded, Parameter(.projectionWeight), Parameter(.projectionBias),
        outputs: config.hiddenSize)
    sink.take(.hiddenStates(0), hidden)
    return hidden
  }
}
