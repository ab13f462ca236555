package import AlbertTensors

/// What a parameter is for.
///
/// The cases stand in the order of use in the forward pass, with query, key and value side by side
/// so that the three are one matrix product.
package enum ParameterRole: String, CaseIterable, Sendable {
  case wordEmbeddings
  case positionEmbeddings
  case tokenTypeEmbeddings
  case embeddingLayerNormWeight
  case embeddingLayerNormBias
  case projectionWeight
  case projectionBias
  case queryWeight
  case keyWeight
  case valueWeight
  case queryBias
  case keyBias
  case valueBias
  case attentionOutputWeight
  case attentionOutputBias
  case attentionLayerNormWeight
  case attentionLayerNormBias
  case ffnWeight
  case ffnBias
  case ffnOutputWeight
  case ffnOutputBias
  case fullLayerNormWeight
  case fullLayerNormBias
  case poolerWeight
  case poolerBias
  case mlmDenseWeight
  case mlmDenseBias
  case mlmLayerNormWeight
  case mlmLayerNormBias
  /// The vocabulary projection where it is not the word embeddings themselves.
  case mlmDecoderWeight
  /// The vocabulary bias: `predictions.bias`, which upstreams also call the decoder's.
  case mlmBias
  case sopWeight
  case sopBias
  case classifierWeight
  case classifierBias
  case qaOutputsWeight
  case qaOutputsBias

  /// Whether every group and inner layer has one of its own.
  package var isPerBlock: Bool { component == .encoder }

  /// The part of the model that it belongs to.
  package var component: Component { row.component }

  /// Whether it is the weight of a linear layer, [out, in], which other layouts transpose.
  package var isLinearWeight: Bool { row.kind == .linearWeight }

  /// Whether it is a table that ids index.
  package var isEmbedding: Bool { row.kind == .embedding }

  /// Whether it is the factor of a LayerNorm.
  package var isLayerNormWeight: Bool { row.kind == .layerNormWeight }

  /// Whether it is the summand of a LayerNorm.
  package var isLayerNormBias: Bool { row.kind == .layerNormBias }

  /// The canonical name, that of Hugging Face's classes, with `{group}` and `{inner}` left open.
  package var nameTemplate: String {
    isPerBlock
      ? "albert.encoder.albert_layer_groups.{group}.albert_layers.{inner}." + row.name : row.name
  }

  /// The canonical shape in a model of `config`, linear weights as [out, in].
  package func shape(in config: AlbertConfig) -> Shape {
    let row = row
    return Shape([row.axis, row.second].compactMap { $0?.extent(in: config) })
  }

  /// What messages call it, such as `the attention's query weight`.
  package var words: String { row.words }

  /// The bias that belongs to a weight; nil for what has none.
  ///
  /// Of both, explanations name the weight.
  package var bias: ParameterRole? { row.bias }
}
