internal import AlbertArchitecture
internal import AlbertTensors

extension AlbertGraph {
  /// The inputs, choices taken for sequences of their own, and the shapes that depend on them.
  mutating func tokens() -> TokenValues {
    let heads = [config.numAttentionHeads, config.headSize]
    let flat = hasChoices
    return g.within("tokens") { g in
      func sequences(_ input: String, _ shape: Value?) -> Value {
        shape.map { g("Reshape", input, $0, as: input) } ?? input
      }
      let shape = flat ? Self.flatShape(&g) : nil
      let ids = sequences(InputName.inputIDs, shape)
      let both = g("Shape", ids, as: "shape", ["start": .integer(0), "end": .integer(2)])
      return TokenValues(
        ids: ids, segments: sequences(InputName.tokenTypeIDs, shape),
        mask: Self.mask(sequences(InputName.attentionMask, shape), &g),
        length: g("Shape", ids, as: "length", ["start": .integer(1), "end": .integer(2)]),
        byHead: g(
          "Concat", both, g.list(heads, "heads"), as: "by_head", ["axis": .integer(0)]),
        byToken: g(
          "Concat", both, g.list([-1], "rest"), as: "by_token", ["axis": .integer(0)]))
    }
  }

  /// [batch x choices, sequence], for inputs [batch, choices, sequence].
  private static func flatShape(_ g: inout ONNXGraphBuilder) -> Value {
    let last = g(
      "Shape", InputName.inputIDs, as: "last", ["start": .integer(2), "end": .integer(3)])
    return g("Concat", g.list([-1], "rest"), last, as: "flat", ["axis": .integer(0)])
  }

  /// What is added to scores, as upstream: the lowest number for a padded key.
  ///
  /// In a row that has nothing but padding all scores become that number, and every key counts alike.
  private static func mask(_ input: Value, _ g: inout ONNXGraphBuilder) -> Value {
    let present = g("Cast", input, as: "present", ["to": .integer(1)])
    let absent = g("Sub", g.number(1, "one"), present, as: "absent")
    let lowest = g.number(-Double(Float.greatestFiniteMagnitude), "lowest")
    let added = g("Mul", absent, lowest, as: "added")
    return g("Unsqueeze", added, g.list([1, 2], "heads_and_queries"), as: "mask")
  }

  /// The sum of words, segments and positions, normalised: [tokens, E].
  mutating func embeddings(_ tokens: TokenValues) -> Value {
    let tables = [ParameterRole.wordEmbeddings, .tokenTypeEmbeddings, .positionEmbeddings].map {
      weights(Parameter($0), &g)
    }
    let sum = g.within("embeddings") { g in
      let words = g("Gather", tables[0], tokens.ids, as: "words")
      let segments = g("Gather", tables[1], tokens.segments, as: "segments")
      let first = g.list([0], "first")
      // Positions count from 0 on: the rows of as many tokens as there are.
      let positions = g("Slice", tables[2], first, tokens.length, first, as: "positions")
      let sum = g("Add", g("Add", words, segments, as: "partial"), positions, as: "sum")
      return g("Reshape", sum, g.list([-1, config.embeddingSize], "rows_of_e"), as: "rows")
    }
    return layerNorm(
      sum, .init(.embeddingLayerNormWeight), .init(.embeddingLayerNormBias),
      epsilon: config.layerNormEps, as: "embeddings/LayerNorm")
  }
}
