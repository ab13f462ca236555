internal import AlbertArchitecture
internal import AlbertArchives
internal import AlbertTensors

/// The forward pass of an ALBERT in ONNX's operators.
///
/// Tokens of all sequences are the rows of one matrix, [tokens, H], so that every linear layer is a
/// `Gemm` over a weight [out, in] as PyTorch lays it out: weights keep their names and their bytes,
/// the word embeddings serve as the decoder as they are, and the layers of a group take the same
/// values. Only attention looks at sequences, [batch, heads, sequence, size].
struct AlbertGraph {
  typealias Value = ONNXGraphBuilder.Value

  let config: AlbertConfig
  let contents: ModelContents
  var g = ONNXGraphBuilder()
  var weights: ONNXWeights
  /// What the graph gives back.
  private(set) var outputs: [ONNXValue] = []

  /// The graph of a model whose parameters have these element types.
  init(
    _ config: AlbertConfig, _ contents: ModelContents, original: [Parameter: Parameter] = [:],
    type: @escaping (Parameter) -> ElementType
  ) {
    self.config = config
    self.contents = contents
    weights = ONNXWeights(type: type, original: original)
    build()
  }

  /// The extents that whoever runs the graph chooses.
  enum Free {
    static let batch = "batch"
    static let choices = "choices"
    static let sequence = "sequence"
    /// Sequences of the batch: all choices of all questions.
    static let rows = "batch*choices"
  }

  /// Whether each sequence is one of several choices.
  var hasChoices: Bool { contents.taskHead == .multipleChoice }

  /// The names and extents of what goes in: ids, masks and segments.
  var inputs: [ONNXValue] {
    let choices = hasChoices ? [Free.choices] : []
    return [InputName.inputIDs, InputName.attentionMask, InputName.tokenTypeIDs].map { name in
      ONNXValue(
        name: name, type: .int64,
        extents: ([Free.batch] + choices + [Free.sequence]).map { .named($0) })
    }
  }

  /// Adds the operator whose result is a stage, with the extents behind those of the batch.
  @discardableResult
  mutating func give(
    _ stage: Stage, _ operation: String, _ inputs: Value..., extents: [ONNXValue.Extent],
    _ attributes: [String: OperatorAttribute] = [:]
  ) -> Value {
    let first = hasChoices && stage != .logits ? Free.rows : Free.batch
    outputs.append(ONNXValue(name: stage.name, type: .float32, extents: [.named(first)] + extents))
    return g.add(operation, inputs, giving: stage.name, attributes)
  }

  private mutating func build() {
    let tokens = tokens()
    let embedded = embeddings(tokens)  // [tokens, E]
    var hidden = embedded
    if !config.embeddingProjectionIsIdentity {
      hidden = linear(embedded, .init(.projectionWeight), .init(.projectionBias), as: "projection")
    }
    for (layer, group) in config.layerMap.groups.enumerated() {
      for inner in 0..<config.innerGroupNum {
        hidden = block(Block(group: group, inner: inner), layer: layer, hidden, tokens)
      }
    }
    heads(hidden, tokens)
    keepIdleGroups()
  }

  /// Takes the weights of groups that no layer uses along, which a config can ask for.
  private mutating func keepIdleGroups() {
    let used = Set(config.layerMap.groups)
    for spec in ParameterSpec.all(config, contents) where spec.parameter.role.isPerBlock {
      if !used.contains(spec.parameter.group) { _ = weights(spec.parameter, &g) }
    }
  }
}

/// What all layers take beside the hidden states.
struct TokenValues {
  /// Ids, [sequences, sequence].
  let ids: ONNXGraphBuilder.Value
  /// Segments, [sequences, sequence].
  let segments: ONNXGraphBuilder.Value
  /// What is added to scores, [sequences, 1, 1, sequence].
  let mask: ONNXGraphBuilder.Value
  /// The list [sequence].
  let length: ONNXGraphBuilder.Value
  /// The list [sequences, sequence, heads, head size].
  let byHead: ONNXGraphBuilder.Value
  /// The list [sequences, sequence, -1].
  let byToken: ONNXGraphBuilder.Value
}
