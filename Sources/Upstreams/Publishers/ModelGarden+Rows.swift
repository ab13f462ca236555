internal import AlbertArchitecture

extension ModelGarden {
  /// What the layers within a block are called.
  struct Block {
    let start: String
    let layers: [FrameworkNames.Layer]
  }

  /// The encoder's variables, given what its layers are called.
  static func rows(
    word: String, position: String, type: String, layerNorm: String, projection: String,
    block: Block, pooler: String
  ) -> [NameTable.Row] {
    let names = FrameworkNames.keras
    return names.rows([
      (.wordEmbeddings, word), (.positionEmbeddings, position), (.tokenTypeEmbeddings, type),
      (.embeddingLayerNormWeight, layerNorm), (.projectionWeight, projection),
    ]) + names.rows(under: block.start, block.layers) + names.rows([(.poolerWeight, pooler)])
  }

  /// The masked-LM head's own variables.
  static func mlm(dense: String, layerNorm: String, bias: String) -> [NameTable.Row] {
    FrameworkNames.keras.rows([(.mlmDenseWeight, dense), (.mlmLayerNormWeight, layerNorm)])
      + [.init(.mlmBias, bias)]
  }
}
