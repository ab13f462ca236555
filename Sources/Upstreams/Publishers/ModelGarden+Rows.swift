internal import AlbertArchitecture
internal import AlbertTensors

extension ModelGarden {
  /// What the layers within a block are called.
  struct Block {
    let start: String
    let query: String
    let key: String
    let value: String
    let output: String
    let attentionLayerNorm: String
    let intermediate: String
    let ffnOutput: String
    let layerNorm: String
  }

  /// The encoder's variables, given what its layers are called.
  static func rows(
    word: String, position: String, type: String, layerNorm: String, projection: String,
    block: Block, pooler: String
  ) -> [NameTable.Row] {
    let start = block.start
    return [
      .init(.wordEmbeddings, word),
      .init(.positionEmbeddings, position),
      .init(.tokenTypeEmbeddings, type),
      .init(.embeddingLayerNormWeight, layerNorm + "gamma"),
      .init(.embeddingLayerNormBias, layerNorm + "beta"),
      .init(.projectionWeight, projection + "kernel", .transposed),
      .init(.projectionBias, projection + "bias"),
      .init(.queryWeight, start + block.query + "kernel", .outputHeads),
      .init(.queryBias, start + block.query + "bias", .heads),
      .init(.keyWeight, start + block.key + "kernel", .outputHeads),
      .init(.keyBias, start + block.key + "bias", .heads),
      .init(.valueWeight, start + block.value + "kernel", .outputHeads),
      .init(.valueBias, start + block.value + "bias", .heads),
      .init(.attentionOutputWeight, start + block.output + "kernel", .inputHeads),
      .init(.attentionOutputBias, start + block.output + "bias"),
      .init(.attentionLayerNormWeight, start + block.attentionLayerNorm + "gamma"),
      .init(.attentionLayerNormBias, start + block.attentionLayerNorm + "beta"),
      .init(.ffnWeight, start + block.intermediate + "kernel", .transposed),
      .init(.ffnBias, start + block.intermediate + "bias"),
      .init(.ffnOutputWeight, start + block.ffnOutput + "kernel", .transposed),
      .init(.ffnOutputBias, start + block.ffnOutput + "bias"),
      .init(.fullLayerNormWeight, start + block.layerNorm + "gamma"),
      .init(.fullLayerNormBias, start + block.layerNorm + "beta"),
      .init(.poolerWeight, pooler + "kernel", .transposed),
      .init(.poolerBias, pooler + "bias"),
    ]
  }

  /// The masked-LM head's own variables.
  static func mlm(dense: String, layerNorm: String, bias: String) -> [NameTable.Row] {
    [
      .init(.mlmDenseWeight, dense + "kernel", .transposed),
      .init(.mlmDenseBias, dense + "bias"),
      .init(.mlmLayerNormWeight, layerNorm + "gamma"),
      .init(.mlmLayerNormBias, layerNorm + "beta"),
      .init(.mlmBias, bias),
    ]
  }
}
