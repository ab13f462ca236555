internal import AlbertArchitecture

/// A use of one inner layer in a graph: an attention and a feed-forward part, each with LayerNorm.
struct GraphBlock {
  /// The value that goes in.
  let input: String
  /// The value that comes out.
  let output: String
  let attention: GraphAttention
  /// The projection after the attention.
  let dense: GraphLinear
  let attentionNorm: GraphNorm
  let ffn: GraphLinear
  let ffnOutput: GraphLinear
  let norm: GraphNorm
  /// The activation between the two; nil where it is unknown.
  let activation: Activation?
  /// What is added to the attention's result, and to the feed-forward part's.
  let residuals: (attention: Residual, feedForward: Residual)

  /// What is added to the result of a part before its LayerNorm.
  enum Residual {
    /// What went into the part, as in every ALBERT.
    case own
    /// Nothing.
    case none
    case other
  }

  /// Whether either part adds this.
  func adds(_ residual: Residual) -> Bool {
    residuals.attention == residual || residuals.feedForward == residual
  }

  /// Each linear layer with the roles of its weight and bias.
  var linears: [(GraphLinear, weight: ParameterRole, bias: ParameterRole)] {
    [
      (attention.query, .queryWeight, .queryBias), (attention.key, .keyWeight, .keyBias),
      (attention.value, .valueWeight, .valueBias),
      (dense, .attentionOutputWeight, .attentionOutputBias), (ffn, .ffnWeight, .ffnBias),
      (ffnOutput, .ffnOutputWeight, .ffnOutputBias),
    ]
  }

  /// Each LayerNorm with the roles of its weight and bias.
  var norms: [(GraphNorm, weight: ParameterRole, bias: ParameterRole)] {
    [
      (attentionNorm, .attentionLayerNormWeight, .attentionLayerNormBias),
      (norm, .fullLayerNormWeight, .fullLayerNormBias),
    ]
  }

  /// The names of the nodes that make the block, which often tell the module.
  var nodeNames: [String] { linears.map(\.0.node) + norms.map(\.0.node) }

  /// Every parameter with the tensor that it is.
  var parameters: [(role: ParameterRole, source: GraphSource)] {
    linears.flatMap { linear, weight, bias in
      [(weight, GraphSource(linear.weight))]
        + (linear.bias.map { [(bias, GraphSource($0, linear.biasLayout))] } ?? [])
    }
      + norms.flatMap { norm, weight, bias in
        [(weight, GraphSource(norm.weight)), (bias, GraphSource(norm.bias))]
      }
  }

  /// The name of the node that takes the parameter of a role.
  func node(of role: ParameterRole) -> String {
    linears.first { $0.weight == role || $0.bias == role }?.0.node
      ?? norms.first { $0.weight == role || $0.bias == role }?.0.node ?? ""
  }
}
