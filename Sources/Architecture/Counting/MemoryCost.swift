/// The bytes that a model's weights take in each element type, computed from the config alone.
package struct MemoryCost: Equatable, Sendable {
  /// Four bytes each.
  package let f32: Int
  /// Two bytes each.
  package let f16: Int
  /// Two bytes each.
  package let bf16: Int
  /// One byte for each element of a matrix or table and four for the scale of each of its rows;
  /// LayerNorm and biases in F32.
  package let i8: Int

  /// Computes the cost of a model of `config` with `contents`.
  package init(_ config: AlbertConfig, _ contents: ModelContents) {
    var elements = 0
    var integers = 0
    for spec in ParameterSpec.all(config, contents) {
      let role = spec.parameter.role
      if role.component == .projection && config.embeddingProjectionIsIdentity { continue }
      elements += spec.shape.count
      if role.isLinearWeight || role.isEmbedding {
        integers += spec.shape.count + 4 * (spec.shape.dimensions.first ?? 1)
      } else {
        integers += 4 * spec.shape.count
      }
    }
    f32 = 4 * elements
    f16 = 2 * elements
    bf16 = 2 * elements
    i8 = integers
  }

  /// Bytes of the activations that a forward pass in F32 holds at once for one sequence: embeddings,
  /// the three projections, the attention scores of one layer, its feed-forward, and the hidden
  /// states before and after.
  package static func activations(_ config: AlbertConfig, length: Int) -> Int {
    let h = config.hiddenSize
    let perToken = config.embeddingSize + 6 * h + config.intermediateSize
    return 4 * length * (perToken + config.numAttentionHeads * length)
  }
}
