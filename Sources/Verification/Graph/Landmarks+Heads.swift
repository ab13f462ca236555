internal import AlbertArchitecture
internal import AlbertReferenceModel
internal import AlbertTensors

extension Landmarks {
  mutating func heads(_ hidden: [Double]) {
    let h = config.hiddenSize
    add("the last hidden state", .lastHiddenState, stage: .lastHiddenState, hidden)
    if contents.mlm {
      let nearest = Stage.predictionLogits
      let dense = linear(
        hidden, Parameter(.mlmDenseWeight), "the masked-LM head's first product", nearest)
      let active = dense.map { config.hiddenAct($0) }
      add("the masked-LM head's activation", nearest, active)
      let normal = layerNorm(
        active, Parameter(.mlmLayerNormWeight), epsilon: config.mlmLayerNormEps,
        "the masked-LM head's LayerNorm", nearest)
      let decoder: ParameterRole = contents.untiedDecoder ? .mlmDecoderWeight : .wordEmbeddings
      _ = linear(normal, Parameter(decoder), "the masked-LM head's logits", nearest, stage: nearest)
    }
    var pooled: [Double] = []
    if contents.pooler {
      let first = (0..<inputs.sequences).flatMap { row -> ArraySlice<Double> in
        let start = row * inputs.sequence * h
        return hidden[start..<start + h]
      }
      add("the first tokens", .poolerOutput, first)
      let dense = linear(first, Parameter(.poolerWeight), "the pooler's product", .poolerOutput)
      pooled = dense.map { Activation.tanh($0) }
      add("the pooler's output", .poolerOutput, stage: .poolerOutput, pooled)
      if contents.sop {
        _ = linear(
          pooled, Parameter(.sopWeight), "the sentence-order logits", .sopLogits, stage: .sopLogits)
      }
    }
    switch contents.taskHead {
    case .sequenceClassification, .multipleChoice:
      guard contents.pooler else { return }
      classify(pooled)
    case .tokenClassification: classify(hidden)
    case .questionAnswering:
      let both = linear(
        hidden, Parameter(.qaOutputsWeight), "the scores of the answer's ends", .startLogits)
      for (offset, stage) in [(0, Stage.startLogits), (1, .endLogits)] {
        add(
          "the \(stage.name)", stage, stage: stage,
          stride(from: offset, to: both.count, by: 2).map { both[$0] })
      }
    case nil: break
    }
  }

  mutating func classify(_ rows: [Double]) {
    _ = linear(
      rows, Parameter(.classifierWeight), "the classifier's logits", .logits, stage: .logits)
  }
}
