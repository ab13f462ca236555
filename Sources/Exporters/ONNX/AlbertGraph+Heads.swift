internal import AlbertArchitecture
internal import AlbertArchives
internal import AlbertTensors

extension AlbertGraph {
  /// What stands on the last hidden state [tokens, H].
  mutating func heads(_ rows: Value, _ tokens: TokenValues) {
    let hidden = give(
      .lastHiddenState, "Reshape", rows, tokens.byToken,
      extents: [.named(Free.sequence), .fixed(config.hiddenSize)])
    if contents.pooler { pooled(hidden) }
    if contents.mlm { maskedLM(rows, tokens) }
    switch contents.taskHead {
    case .tokenClassification:
      let logits = linear(rows, .init(.classifierWeight), .init(.classifierBias), as: "classifier")
      give(
        .logits, "Reshape", logits, tokens.byToken,
        extents: [.named(Free.sequence), .fixed(config.numLabels)])
    case .questionAnswering: answer(rows, tokens)
    case .sequenceClassification, .multipleChoice, nil: break
    }
  }

  /// Tanh over the first token, and the heads that take it.
  private mutating func pooled(_ hidden: Value) {
    let first = g(
      "Gather", hidden, g.index(0, "first_token"), as: "pooler/first", ["axis": .integer(1)])
    let pooled = give(
      .poolerOutput, "Tanh",
      linear(first, .init(.poolerWeight), .init(.poolerBias), as: "pooler"),
      extents: [.fixed(config.hiddenSize)])
    if contents.sop {
      give(
        .sopLogits, "Gemm", pooled, weights(.init(.sopWeight), &g), weights(.init(.sopBias), &g),
        extents: [.fixed(2)], ["transB": .integer(1)])
    }
    switch contents.taskHead {
    case .sequenceClassification:
      give(
        .logits, "Gemm", pooled, weights(.init(.classifierWeight), &g),
        weights(.init(.classifierBias), &g), extents: [.fixed(config.numLabels)],
        ["transB": .integer(1)])
    case .multipleChoice:
      // One score per sequence, back to [batch, choices].
      let scores = linear(
        pooled, .init(.classifierWeight), .init(.classifierBias), as: "classifier")
      let shape = g(
        "Shape", InputName.inputIDs, as: "classifier/shape",
        ["start": .integer(0), "end": .integer(2)])
      give(.logits, "Reshape", scores, shape, extents: [.named(Free.choices)])
    case .tokenClassification, .questionAnswering, nil: break
    }
  }

  /// A guess of every token: back to the embedding width, and against every word's embedding.
  private mutating func maskedLM(_ rows: Value, _ tokens: TokenValues) {
    let transformed = layerNorm(
      activation(
        linear(rows, .init(.mlmDenseWeight), .init(.mlmDenseBias), as: "predictions/dense"),
        as: "predictions/activation"),
      .init(.mlmLayerNormWeight), .init(.mlmLayerNormBias), epsilon: config.mlmLayerNormEps,
      as: "predictions/LayerNorm")
    let decoder: ParameterRole = contents.untiedDecoder ? .mlmDecoderWeight : .wordEmbeddings
    let logits = linear(
      transformed, .init(decoder), .init(.mlmBias), as: "predictions/decoder")
    give(
      .predictionLogits, "Reshape", logits, tokens.byToken,
      extents: [.named(Free.sequence), .fixed(config.vocabSize)])
  }

  /// The scores of each token as the answer's start and as its end.
  private mutating func answer(_ rows: Value, _ tokens: TokenValues) {
    let both = linear(rows, .init(.qaOutputsWeight), .init(.qaOutputsBias), as: "qa_outputs")
    let scores = g("Reshape", both, tokens.byToken, as: "qa_outputs/by_token")
    for (stage, place) in [(Stage.startLogits, 0), (.endLogits, 1)] {
      give(
        stage, "Gather", scores, g.index(place, place == 0 ? "start" : "end"),
        extents: [.named(Free.sequence)], ["axis": .integer(2)])
    }
  }
}
