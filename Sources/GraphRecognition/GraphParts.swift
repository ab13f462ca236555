internal import AlbertArchitecture
internal import AlbertTensors

/// The search for the parts of transformers in a graph.
///
/// All LayerNorms are found first. What each normalises tells its place: rows of tables, or the sum
/// of a value and what attention or feed-forward made of it.
struct GraphParts {
  let view: GraphView
  /// LayerNorms by their result.
  let norms: [String: GraphNorm]
  /// LayerNorms over a sum of table rows, in the graph's order.
  private(set) var embeddings: [GraphEmbeddings] = []
  /// Linear layers by the value that they multiply, those that are a part of a larger one left out.
  private(set) var linears: [String: [GraphLinear]] = [:]
  private var attentions: [String: Attention] = [:]
  private var feedForwards: [String: FeedForward] = [:]

  private struct Attention {
    let attention: GraphAttention
    let dense: GraphLinear
    let norm: GraphNorm
    var residual = GraphBlock.Residual.own
  }

  private struct FeedForward {
    let ffn: GraphLinear
    let output: GraphLinear
    let activation: Activation?
    let norm: GraphNorm
    var residual = GraphBlock.Residual.own
  }

  init(_ graph: OperatorGraph) {
    let view = GraphView(graph: graph)
    self.view = view
    var norms: [String: GraphNorm] = [:]
    for node in graph.nodes {
      if let norm = view.norm(endingAt: node) { norms[norm.value] = norm }
    }
    self.norms = norms
    for node in graph.nodes {
      if node.operation == "EmbedLayerNormalization" {
        findFusedEmbeddings(node)
      } else if let norm = node.outputs.first.flatMap({ norms[$0] }) {
        sort(norm)
      }
    }
    findLinears()
  }

  /// The whole chain of layers behind `embeddings`.
  func encoder(behind embeddings: GraphEmbeddings) -> GraphEncoder {
    var start = embeddings.norm.value
    var projection: GraphLinear?
    if attentions[start] == nil {
      let candidates = linears[start] ?? []
      projection = candidates.first { attentions[$0.value] != nil } ?? candidates.first
      if let projection { start = projection.value }
    }
    var blocks: [GraphBlock] = []
    var value = start
    var seen: Set<String> = [value]
    while blocks.count < AlbertConfig.maxLayers, let attention = attentions[value],
      let feedForward = feedForwards[attention.norm.value],
      seen.insert(feedForward.norm.value).inserted
    {
      blocks.append(
        GraphBlock(
          input: value, output: feedForward.norm.value, attention: attention.attention,
          dense: attention.dense, attentionNorm: attention.norm, ffn: feedForward.ffn,
          ffnOutput: feedForward.output, norm: feedForward.norm,
          activation: feedForward.activation,
          residuals: (attention.residual, feedForward.residual)))
      value = feedForward.norm.value
    }
    // Where everything is added to something else, this is another architecture.
    if blocks.allSatisfy({ $0.adds(.other) }) { blocks = [] }
    return GraphEncoder(embeddings: embeddings, projection: projection, blocks: blocks)
  }

  /// The linear layer and activation that end in `value`.
  func activated(_ value: String) -> (linear: GraphLinear, activation: Activation?)? {
    let value = view.flow(value)
    guard
      let linear = view.search(
        from: value, through: { view.linear($0.outputs.first ?? "") == nil && isElementwise($0) },
        { view.linear($0) })
    else { return nil }
    var whole = linear
    // A bias that is fused into the activation is the layer's.
    if linear.bias == nil, let node = view.graph.producer(of: value),
      ["FastGelu", "BiasGelu"].contains(node.operation)
    {
      whole = linear.adding(node.input(1).flatMap(view.vector))
    }
    if linear.value == value, let fused = linear.fusedActivation {
      return (whole, GraphActivation.named(fused))
    }
    if linear.value == value, view.isClippedAtZero(value) { return (whole, .relu) }
    let activation = GraphActivation.known { x in
      var evaluation = GraphEvaluation(view: view, variable: linear.value, argument: x)
      return evaluation.value(of: value)
    }
    return (whole, activation)
  }

  private func isElementwise(_ node: OperatorNode) -> Bool {
    switch node.operation {
    case "Add", "Sub", "Mul", "Div", "Pow", "Tanh", "Erf", "Sigmoid", "Relu", "Gelu", "FastGelu",
      "BiasGelu", "QuickGelu", "Swish", "Silu", "Softplus", "Exp", "Log", "Neg", "Reciprocal",
      "Mish", "HardSwish", "Selu", "Celu", "Sqrt", "Abs", "Max", "Min", "LeakyRelu", "Elu",
      "QLinearAdd", "QLinearMul", "QLinearSigmoid", "Sum":
      true
    default: false
    }
  }

  /// Tells by what it normalises where a LayerNorm stands.
  private mutating func sort(_ norm: GraphNorm) {
    guard let sum = view.sum(of: norm.inputs, norms: norms) else { return }
    if sum.linears.isEmpty {
      let lookups = (sum.values + sum.constants).compactMap(view.lookup)
      if lookups.count == sum.count, lookups.contains(where: { $0.index == .given }) {
        embeddings.append(GraphEmbeddings(lookups: lookups, norm: norm))
      }
      return
    }
    guard sum.count <= 2, sum.constants.isEmpty else { return }
    for index in sum.linears.indices {
      let linear = sum.linear(index)
      let others =
        sum.values
        + sum.linears.indices.filter { $0 != index }.map {
          sum.linears[$0].value
        }
      if add(linear, norm, to: others.first) { return }
    }
  }

  /// Notes the attention or feed-forward part that ends in `linear`, whose result is added to `residual`;
  /// false where it is neither, or another value than its own is added and may be its own in the other order.
  private mutating func add(
    _ linear: GraphLinear, _ norm: GraphNorm, to residual: String?
  ) -> Bool {
    func kind(_ input: String) -> GraphBlock.Residual {
      residual.map { $0 == input ? .own : .other } ?? .none
    }
    if let attention = view.attention(linear.input), case let input = attention.query.input,
      attention.key.input == input, attention.value.input == input
    {
      let part = Attention(
        attention: attention, dense: linear, norm: norm, residual: kind(input))
      if part.residual == .own || attentions[input] == nil { attentions[input] = part }
      return part.residual == .own
    }
    if let (ffn, activation) = activated(linear.input) {
      let part = FeedForward(
        ffn: ffn, output: linear, activation: activation, norm: norm, residual: kind(ffn.input))
      if part.residual == .own || feedForwards[ffn.input] == nil { feedForwards[ffn.input] = part }
      return part.residual == .own
    }
    return false
  }

  /// onnxruntime's operator for lookups and LayerNorm in one.
  private mutating func findFusedEmbeddings(_ node: OperatorNode) {
    guard let value = node.outputs.first, let words = node.input(2).flatMap(view.table),
      let positions = node.input(3).flatMap(view.table),
      let weight = node.input(5).flatMap(view.vector),
      let bias = node.input(6).flatMap(view.vector),
      let ids = node.input(0)
    else { return }
    var lookups = [
      view.lookup(words, by: ids), GraphLookup(table: positions, index: .counted),
    ]
    if let segments = node.input(4).flatMap(view.table) {
      lookups.append(
        node.input(1).map { view.lookup(segments, by: $0) }
          ?? GraphLookup(table: segments, index: .zero))
    }
    let norm = GraphNorm(
      value: value, inputs: [], weight: weight, bias: bias,
      epsilon: node.number("epsilon") ?? 1e-12, node: node.name)
    embeddings.append(GraphEmbeddings(lookups: lookups, norm: norm))
  }

  private mutating func findLinears() {
    var byValue: [String: GraphLinear] = [:]
    var order: [String] = []
    for node in view.graph.nodes {
      guard let output = node.outputs.first, norms[output] == nil,
        view.flow(output) == output, let linear = view.linear(output)
      else { continue }
      if view.performs(node, "Add") {
        // The product alone is a part of it.
        for operand in view.operands(node) { byValue[view.flow(operand)] = nil }
      }
      byValue[output] = linear
      order.append(output)
    }
    for value in order {
      if let linear = byValue[value] { linears[linear.input, default: []].append(linear) }
    }
  }
}
