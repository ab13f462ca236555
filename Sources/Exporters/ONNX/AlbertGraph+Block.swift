internal import AlbertArchitecture
internal import AlbertTensors

extension AlbertGraph {
  /// The parameters of one inner layer.
  struct Block {
    let group: Int
    let inner: Int

    subscript(_ role: ParameterRole) -> Parameter { Parameter(role, group: group, inner: inner) }

    /// Where it stands, in the words of its parameters' names.
    var path: String { "albert_layer_groups.\(group)/albert_layers.\(inner)" }
  }

  /// One inner layer: attention and feed-forward, each added to its input and normalised.
  mutating func block(
    _ block: Block, layer: Int, _ hidden: Value, _ tokens: TokenValues
  ) -> Value {
    let path = "layers.\(layer)/" + block.path
    let query = linear(hidden, block[.queryWeight], block[.queryBias], as: path + "/query")
    let key = linear(hidden, block[.keyWeight], block[.keyBias], as: path + "/key")
    let value = linear(hidden, block[.valueWeight], block[.valueBias], as: path + "/value")
    let context = attention(query: query, key: key, value: value, tokens, as: path + "/attention")
    let attended = residual(
      linear(
        context, block[.attentionOutputWeight], block[.attentionOutputBias], as: path + "/dense"),
      hidden, block[.attentionLayerNormWeight], block[.attentionLayerNormBias],
      as: path + "/attention/LayerNorm")

    let inner = activation(
      linear(attended, block[.ffnWeight], block[.ffnBias], as: path + "/ffn"),
      as: path + "/activation")
    return residual(
      linear(inner, block[.ffnOutputWeight], block[.ffnOutputBias], as: path + "/ffn_output"),
      attended, block[.fullLayerNormWeight], block[.fullLayerNormBias],
      as: path + "/full_layer_layer_norm")
  }

  /// softmax(Q Kᵀ / √d + mask) V of every sequence and head: [tokens, H].
  private mutating func attention(
    query: Value, key: Value, value: Value, _ tokens: TokenValues, as name: String
  ) -> Value {
    g.within(name) { g in
      func split(_ rows: Value, _ order: [Int], _ name: String) -> Value {
        let heads = g("Reshape", rows, tokens.byHead, as: name + "_heads")
        return g("Transpose", heads, as: name, ["perm": .integers(order)])
      }
      let products = g(  // [sequences, heads, sequence, sequence]
        "MatMul", split(query, [0, 2, 1, 3], "query"), split(key, [0, 2, 3, 1], "key"),
        as: "products")
      let factor = g.number(1 / Double(config.headSize).squareRoot(), "one_by_root_of_head_size")
      let scores = g("Add", g("Mul", products, factor, as: "scaled"), tokens.mask, as: "scores")
      let probabilities = g("Softmax", scores, as: "probabilities", ["axis": .integer(-1)])
      let context = g(  // [sequences, heads, sequence, head size]
        "MatMul", probabilities, split(value, [0, 2, 1, 3], "value"), as: "contexts")
      let joined = g("Transpose", context, as: "joined", ["perm": .integers([0, 2, 1, 3])])
      return g("Reshape", joined, g.list([-1, config.hiddenSize], "rows_of_h"), as: "context")
    }
  }

  /// A sum with what went in before, normalised.
  private mutating func residual(
    _ value: Value, _ before: Value, _ weight: Parameter, _ bias: Parameter, as name: String
  ) -> Value {
    let sum = g("Add", value, before, as: name + "/sum")
    return layerNorm(sum, weight, bias, epsilon: config.layerNormEps, as: name)
  }
}
